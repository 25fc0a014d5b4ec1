package exports

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Eight fields at a time or one by one: the numbers are the same, and they are
// those of a map, up to the first field that has none.
func TestNumbersOfSpellings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]string{"a", "b", "A", "0", " ", "é", "\x00"})
		spelling := rapid.Custom(func(t *rapid.T) string {
			long := rapid.SampledFrom([]string{"", "", "seven77", "eight888", "fifteen fifteen", "sixteen sixteen ", strings.Repeat("x", 26)}).Draw(t, "stem")
			return long + strings.Join(rapid.SliceOfN(letters, 0, 9).Draw(t, "letters"), "")
		})
		known := rapid.SliceOfDistinct(spelling, func(s string) string { return s }).Draw(t, "known")
		all := append(slices.Clone(known), rapid.SliceOfN(spelling, 0, 2).Draw(t, "unknown")...)

		ids := map[string]uint32{}
		names := newNames()
		for i, text := range known {
			data, fields := fieldsOf(text)
			if text != "" {
				ids[text] = uint32(i)
				names.add(data, fields[0], uint32(i))
			}
		}
		var texts []string
		if len(all) > 0 {
			for range rapid.IntRange(0, 10).Draw(t, "runs") { // the same in some rows
				text := rapid.SampledFrom(all).Draw(t, "field")
				texts = append(texts, slices.Repeat([]string{text}, rapid.SampledFrom([]int{1, 1, 1, 2, 9, 20}).Draw(t, "rows"))...)
			}
		}
		var want []uint32
		for _, text := range texts {
			if text == "" {
				want = append(want, noName)
				continue
			}
			id, ok := ids[text]
			if !ok {
				break
			}
			want = append(want, id)
		}
		data, fields := fieldsOf(texts...)
		for way, number := range map[string]func([]uint32, []byte, []span) (int, bool){"number": names.number, "numberPlain": names.numberPlain} {
			got := make([]uint32, len(fields))
			n, empty := number(got, data, fields)
			if !slices.Equal(got[:n], want) {
				t.Fatalf("%s of %q: %d, want %d", way, texts, got[:n], want)
			}
			if !empty && slices.Contains(want, noName) {
				t.Fatalf("%s of %q: none is empty", way, texts)
			}
		}
	})
}

// Spellings that differ only in the middle are told apart where they stand side by
// side, too: half of them are known.
func TestSpellingsAlike(t *testing.T) {
	names := newNames()
	spelling := func(i int) string {
		middle := strings.NewReplacer("0", "-", "1", "+").Replace(fmt.Sprintf("%010b", i))
		return "The same" + middle + "the same"
	}
	for i := 0; i < 1<<10; i += 2 {
		data, fields := fieldsOf(spelling(i))
		names.add(data, fields[0], uint32(i))
	}
	for i := range 1 << 10 {
		data, fields := fieldsOf(spelling(i))
		id := make([]uint32, 1)
		if n, _ := names.number(id, data, fields); n != 1-i%2 || n == 1 && id[0] != uint32(i) {
			t.Errorf("%q: %d numbers, %d", spelling(i), n, id)
		}
	}
}

// One name in row after row, and another that differs in one place only.
func TestSpellingsInARow(t *testing.T) {
	for _, alike := range [][2]string{{"1 at first", "2 at first"}, {"at last 1", "at last 2"}, {"once", "once "}} {
		names := newNames()
		for id, text := range alike {
			data, fields := fieldsOf(text)
			names.add(data, fields[0], uint32(id))
		}
		data, fields := fieldsOf(append(slices.Repeat(alike[:1], 16), slices.Repeat(alike[1:], 12)...)...)
		ids := make([]uint32, len(fields))
		want := append(make([]uint32, 16), slices.Repeat([]uint32{1}, 12)...)
		if n, _ := names.number(ids, data, fields); n != len(fields) || !slices.Equal(ids, want) {
			t.Errorf("%q: %d numbers, %d", alike, n, ids)
		}
	}
}

// fieldsOf writes texts one after another, with the room that is promised before
// and after them.
func fieldsOf(texts ...string) (data []byte, fields []span) {
	data = make([]byte, headroom)
	for _, text := range texts {
		fields = append(fields, span{uint32(len(data)), uint32(len(data) + len(text))})
		data = append(append(data, text...), ',')
	}
	return append(data, make([]byte, slack)...), fields
}

package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/flate"
	"pgregory.net/rapid"
)

func TestDecimals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, places := rapid.Int64().Draw(t, "n"), rapid.IntRange(0, 18).Draw(t, "places")
		got, ok := new(big.Rat).SetString(string(appendDecimal(nil, n, places)))
		want := new(big.Rat).SetFrac(big.NewInt(n), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
		if !ok || got.Cmp(want) != 0 {
			t.Errorf("%d with %d places is written %s", n, places, appendDecimal(nil, n, places))
		}
	})
	if got := string(appendDecimal(nil, -5, 2)); got != "-0.05" {
		t.Errorf("-5 cents are written %s", got)
	}
}

// What is deflated is the same bytes on one core and on four, in whatever portions
// it comes, and inflates to what it was.
func TestDeflateInBlocks(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringN(1, 60, -1).Draw(t, "line")
		var text strings.Builder
		for i := range rapid.IntRange(0, 40_000).Draw(t, "lines") {
			fmt.Fprintln(&text, line, i*i)
		}
		portion := rapid.IntRange(1, 3*block).Draw(t, "portion")
		var first []byte
		for _, cores := range []int{1, 4} {
			runtime.GOMAXPROCS(cores)
			var out bytes.Buffer
			d := newDeflater(&out)
			for rest := []byte(text.String()); len(rest) > 0; {
				n := min(portion, len(rest))
				if _, err := d.Write(rest[:n]); err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			again, err := io.ReadAll(flate.NewReader(bytes.NewReader(out.Bytes())))
			if err != nil || string(again) != text.String() {
				t.Fatalf("%d bytes come back as %d, %v", text.Len(), len(again), err)
			}
			if first == nil {
				first = out.Bytes()
			} else if !bytes.Equal(first, out.Bytes()) {
				t.Fatal("four cores write other bytes than one")
			}
		}
	})
}

// A lane keeps the order, and after an error hands nothing on.
func TestLane(t *testing.T) {
	failed := errors.New("job 40 failed")
	var got []int
	l := newLane(func(n int) error { got = append(got, n); return nil })
	given := 0
	for n := 0; n < 1000; n++ {
		if !l.give(func() (int, error) {
			if n >= 40 {
				return 0, failed
			}
			return n, nil
		}) {
			break
		}
		given++
	}
	if err := l.close(); !errors.Is(err, failed) {
		t.Errorf("it ended with %v", err)
	}
	if len(got) != 40 || !slices.IsSorted(got) || given == 1000 {
		t.Errorf("%d of %d jobs were handed on: %v", len(got), given, got)
	}
}

func TestTextOfCells(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "a & b": "a &amp; b", "<i>": "&lt;i&gt;", "_x0041_": "_x005F_x0041_", "_x_": "_x_", "nul\x00": "nul\ufffd", "й": "й",
	} {
		if got := string(appendText(nil, text)); got != want {
			t.Errorf("%q is written %q, not %q", text, got, want)
		}
	}
	long := strings.Repeat("a", MaxText)
	if _, err := appendRow(nil, 1, Row{Cells: []Cell{Text(long, 0)}}); err != nil {
		t.Errorf("a text that fits: %v", err)
	}
	if _, err := appendRow(nil, 1, Row{Cells: []Cell{Text(long+"a", 0)}}); err == nil {
		t.Error("a text too long was cut, or let through")
	}
	if _, err := appendRow(nil, 1, Row{Cells: []Cell{Empty(0).By("A1")}}); err == nil {
		t.Error("a formula without a value was let through")
	}
}

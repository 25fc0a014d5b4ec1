package exports

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A bank exchange of 1C is no table but a text of keys and values, in sections. It
// is read as CSV: its first line becomes the header, the line that ends a document
// becomes its row, and every other line an empty one, so that lines keep their
// numbers. These are parts of a row: they count neither as rows read nor as blank.

var bankMagic = []byte("1CClientBankExchange")

// bankExchange is what such a text is said to be.
const bankExchange = "1C bank exchange"

// bankKeys are the columns: keys of a document, and in the first, which no bank
// writes, whether the money came or went.
var bankKeys = []string{"Направление", "Номер", "Дата", "ДатаПоступило", "ДатаСписано", "Сумма", "Плательщик", "Плательщик1", "ПлательщикИНН",
	"ПлательщикСчет", "Получатель", "Получатель1", "ПолучательИНН", "ПолучательСчет", "НазначениеПлатежа"}

// bankEncoding is the encoding that an exchange says it has: the value of the key
// Кодировка, whose own letters are in that encoding.
func bankEncoding(head []byte) string {
	for line := range bytes.Lines(head) {
		switch _, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte("=")); string(value) {
		case "Windows":
			return "windows-1251"
		case "DOS":
			return "cp866"
		}
	}
	return ""
}

// bankReader turns an exchange into CSV.
type bankReader struct {
	lines *bufio.Scanner
	out   bytes.Buffer
	line  int
	own   map[string]bool   // our accounts
	open  map[string]string // the document being read; nil outside of one
	ended bool
}

func newBankReader(r io.Reader) *bankReader {
	b := &bankReader{lines: bufio.NewScanner(r), own: map[string]bool{}}
	b.lines.Buffer(nil, 1<<20)
	return b
}

func (b *bankReader) Read(p []byte) (int, error) {
	for b.out.Len() < len(p) && b.lines.Scan() {
		b.line++
		if err := b.take(strings.TrimSpace(b.lines.Text())); err != nil {
			return 0, fmt.Errorf("line %d: %w", b.line, err)
		}
		b.out.WriteByte('\n')
	}
	if b.out.Len() > 0 {
		return b.out.Read(p)
	}
	switch err := b.lines.Err(); {
	case err != nil:
		return 0, err
	case !b.ended:
		return 0, errors.New("the bank exchange is cut short: it does not end with КонецФайла")
	}
	return 0, io.EOF
}

func (b *bankReader) take(line string) error {
	key, value, _ := strings.Cut(line, "=")
	switch {
	case b.line == 1:
		b.row(func(key string) string { return key })
	case b.ended && line != "":
		return errors.New("text after КонецФайла")
	case key == "СекцияДокумент" && b.open != nil, key == "КонецДокумента" && b.open == nil, key == "КонецФайла" && b.open != nil:
		return fmt.Errorf("%s is out of place", key)
	case key == "СекцияДокумент":
		b.open = map[string]string{}
	case key == "КонецДокумента":
		b.open["Направление"] = b.direction()
		b.row(func(key string) string { return b.open[key] })
		b.open = nil
	case key == "КонецФайла":
		b.ended = true
	case key == "РасчСчет" && b.open == nil:
		b.own[value] = true
	case b.open != nil:
		b.open[key] = value
	}
	return nil
}

// direction says whether money came or went, as far as the document shows it.
func (b *bankReader) direction() string {
	switch {
	case b.own[b.open["ПолучательСчет"]], b.open["ДатаПоступило"] != "":
		return "поступление"
	case b.own[b.open["ПлательщикСчет"]], b.open["ДатаСписано"] != "":
		return "списание"
	}
	return ""
}

func (b *bankReader) row(value func(key string) string) {
	for i, key := range bankKeys {
		if i > 0 {
			b.out.WriteByte(',')
		}
		fmt.Fprintf(&b.out, `"%s"`, strings.ReplaceAll(value(key), `"`, `""`))
	}
}

package exports

import (
	"fmt"
	"io"
	"os"
	"testing"
	"time"
)

func TestZZSplit(t *testing.T) {
	for _, name := range []string{"billing.csv", "support_hours.csv"} {
		file, _ := os.Open("/tmp/bench1/" + name)
		data := make([]byte, 256<<10)
		io.ReadFull(file, data)
		d := dialect{separator: ',', quote: '"', eol: '\n'}
		var s splitter
		s.dialect = d
		var blocks [64]block
		bl, bt, bm := time.Hour, time.Hour, time.Hour
		n := 0
		for range 300 {
			var l, tk, m time.Duration
			s.marks = append(s.marks[:0], 0)
			s.ends, s.inner, s.quots, s.doubt = s.ends[:0], s.inner[:0], s.quots[:0], s.doubt[:0]
			s.inside, s.lead = 0, 0
			n = 0
			for at := 0; at+64*64 < len(data); at += 64 * 64 {
				t0 := time.Now()
				lookAll(blocks[:], data[at:], d)
				t1 := time.Now()
				had := len(s.marks)
				for i := range blocks {
					had += s.take(&blocks[i], uint32(at+64*i), had)
				}
				t2 := time.Now()
				s.marks = markAll(s.marks, blocks[:], uint32(at))
				t3 := time.Now()
				l, tk, m = l+t1.Sub(t0), tk+t2.Sub(t1), m+t3.Sub(t2)
				n += 64
			}
			bl, bt, bm = min(bl, l), min(bt, tk), min(bm, m)
		}
		fmt.Printf("%s ns/block: look %.1f take %.1f mark %.1f (of 64 clock calls %d)\n", name, float64(bl)/float64(n), float64(bt)/float64(n), float64(bm)/float64(n), n)
	}
}

package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"math"
)

// sharedStrings is the table of texts that cells refer to by number: all texts
// in one piece, and where each ends.
type sharedStrings struct {
	text []byte
	ends []uint32
}

// at returns a text, and whether there is one of this number.
func (t *sharedStrings) at(i int) ([]byte, bool) {
	if i < 0 || i >= len(t.ends) {
		return nil, false
	}
	var from uint32
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.text[from:t.ends[i]:t.ends[i]], true
}

func (a *archive) strings(f *zip.File) (*sharedStrings, error) {
	m, err := a.open(f)
	if err != nil {
		return nil, err
	}
	s := newStream(m, a.limits.Depth)
	defer s.close()
	t := &sharedStrings{}
	for {
		for s.depth() == 1 && t.plain(&s.scanner) {
		}
		at := s.mark() // after those: what is read twice may not count twice
		done, err := t.read(&s.scanner)
		if err == errShort {
			s.reset(at)
			err = s.more()
		}
		if err != nil {
			return nil, inPart(f, err)
		}
		if done {
			a.checked[f] = true
			return t, nil
		}
	}
}

// read reads the next text of the table; done says that there is none.
func (t *sharedStrings) read(s *scanner) (done bool, err error) {
	switch tok, err := s.next(); {
	case err != nil:
		return false, err
	case tok.kind == eof:
		return true, nil
	case tok.kind == text && !blank(tok.text):
		return false, errors.New("text outside of a string")
	case tok.kind != start:
		return false, nil
	case s.depth() == 1 && string(tok.name) != "sst":
		return false, errors.New("is no table of strings")
	case s.depth() == 1:
		return false, nil
	case string(tok.name) != "si": // extLst
		return false, s.skip()
	}
	from := len(t.text)
	t.text, err = richText(s, t.text)
	if err != nil {
		t.text = t.text[:from]
		return false, err
	}
	return false, t.end()
}

func (t *sharedStrings) end() error {
	if len(t.text) > math.MaxUint32 {
		return errors.New("more text than can be held")
	}
	t.ends = append(t.ends, uint32(len(t.text)))
	return nil
}

// plain reads the text that follows if it is written as nearly all are: one <t>
// without entities and escapes. It changes nothing otherwise.
func (t *sharedStrings) plain(s *scanner) bool {
	b, ok := bytes.CutPrefix(s.in[s.pos:], []byte("<si><t>"))
	if !ok {
		if b, ok = bytes.CutPrefix(s.in[s.pos:], []byte(`<si><t xml:space="preserve">`)); !ok {
			return false
		}
	}
	i := bytes.IndexByte(b, '<')
	if i < 0 || s.closing || !bytes.HasPrefix(b[i:], []byte("</t></si>")) || bytes.ContainsAny(b[:i], "&\r_]") || checkCharacters(b[:i]) != nil {
		return false
	}
	t.text = append(t.text, b[:i]...)
	s.pos = len(s.in) - len(b) + i + len("</t></si>")
	return t.end() == nil
}

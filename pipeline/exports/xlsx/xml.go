package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errShort says that a token goes on beyond the bytes at hand. It never leaves
// the package.
var errShort = errors.New("token goes on")

// A scanner cuts XML into tokens, in the bytes that it is given, without
// copying. It knows elements, attributes, text, comments, CDATA sections and
// processing instructions; it refuses document types, other encodings than
// UTF-8, nesting beyond its limit, and all that is not well-formed. Namespaces
// are not resolved: a name is what follows the prefix.
type scanner struct {
	in       []byte
	pos      int
	last     bool // nothing follows in
	begun    bool // something has been read
	rooted   bool // the root element has been opened
	closing  bool // the end of an element without content is still to be told
	maxDepth int

	names []byte // the open elements' full names, one after the other
	ends  []int  // where each of them ends
	attrs []attr // of the element last opened
}

// attr is an attribute as it is written, entities and all.
type attr struct{ name, value []byte }

type tokenKind uint8

const (
	eof tokenKind = iota
	start
	end
	text
)

type token struct {
	kind  tokenKind
	name  []byte // of an element, without prefix
	text  []byte // as written
	cdata bool   // the text stood in a CDATA section, where & and < mean themselves
}

// mark is a place to which a scanner can return while it is given more bytes.
type mark struct {
	pos, depth int
	closing    bool
}

func (s *scanner) mark() mark { return mark{s.pos, len(s.ends), s.closing} }

// reset returns to a mark since which no element that was open then has ended.
func (s *scanner) reset(m mark) {
	s.pos, s.ends, s.closing = m.pos, s.ends[:m.depth], m.closing
	s.names = s.names[:s.from(s.depth())]
}

func (s *scanner) depth() int { return len(s.ends) }

// from is where the name of the i-th open element starts, and that before it ends.
func (s *scanner) from(i int) int {
	if i == 0 {
		return 0
	}
	return s.ends[i-1]
}

// name is the full name of the i-th open element; the root is number 0.
func (s *scanner) name(i int) []byte { return s.names[s.from(i):s.ends[i]] }

func (s *scanner) innermost() []byte { return s.name(s.depth() - 1) }

func (s *scanner) push(name []byte) {
	s.names = append(s.names, name...)
	s.ends = append(s.ends, len(s.names))
}

func (s *scanner) pop() {
	s.ends = s.ends[:len(s.ends)-1]
	s.names = s.names[:s.from(s.depth())]
}

// next returns the next token; the end of the document is the token eof.
// At errShort nothing of the token has been consumed.
func (s *scanner) next() (token, error) {
	for {
		if s.closing {
			t := token{kind: end, name: local(s.innermost())}
			s.closing = false
			s.pop()
			return t, nil
		}
		rest := s.in[s.pos:]
		if len(rest) == 0 || len(rest) < len("<![CDATA[") && !s.last {
			if s.last {
				return token{}, s.atEnd()
			}
			return token{}, errShort
		}
		if rest[0] != '<' {
			t, err := s.characters(rest)
			if err != nil || s.depth() > 0 {
				return t, err
			}
			continue
		}
		if len(rest) == 1 {
			return token{}, s.cut()
		}
		switch rest[1] {
		case '/':
			return s.endTag(rest)
		case '?':
			if err := s.instruction(rest); err != nil {
				return token{}, err
			}
		case '!':
			if t, err := s.bang(rest); err != nil || t.kind == text {
				return t, err
			}
		default:
			return s.startTag(rest)
		}
	}
}

// atEnd judges whether the document may end here.
func (s *scanner) atEnd() error {
	if s.depth() > 0 {
		return fmt.Errorf("ends inside <%s>", s.innermost())
	}
	if !s.rooted {
		return errors.New("holds no element")
	}
	return nil
}

// cut is the error for a token that the bytes at hand do not finish.
func (s *scanner) cut() error {
	if s.last {
		return errors.New("ends in the middle of its markup")
	}
	return errShort
}

// until returns what stands before the mark, and consumes both.
func (s *scanner) until(rest []byte, skip int, closed string) ([]byte, error) {
	if len(rest) < skip {
		return nil, s.cut()
	}
	i := bytes.Index(rest[skip:], []byte(closed))
	if i < 0 {
		return nil, s.cut()
	}
	s.pos += skip + i + len(closed)
	s.begun = true
	return rest[skip : skip+i], nil
}

func (s *scanner) characters(rest []byte) (token, error) {
	i := bytes.IndexByte(rest, '<')
	if i < 0 {
		if !s.last {
			return token{}, errShort
		}
		i = len(rest)
	}
	body := rest[:i]
	if !s.begun {
		body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) // a byte order mark
	}
	if bytes.Contains(body, []byte("]]>")) {
		return token{}, errors.New("]]> outside of a CDATA section")
	}
	if s.depth() == 0 && !blank(body) {
		return token{}, errors.New("text outside of the root element")
	}
	s.pos += i
	s.begun = s.begun || len(body) > 0
	return token{kind: text, text: body}, checkText(body)
}

// instruction passes over a processing instruction; the declaration at the very
// start may name no other encoding than UTF-8.
func (s *scanner) instruction(rest []byte) error {
	first := !s.begun
	body, err := s.until(rest, 2, "?>")
	if err != nil {
		return err
	}
	target, _, _ := bytes.Cut(body, []byte(" "))
	if !isName(bytes.TrimRight(target, spaces)) {
		return errors.New("malformed processing instruction")
	}
	if !strings.EqualFold(string(bytes.TrimSpace(target)), "xml") {
		return checkCharacters(body)
	}
	if !first || string(target) != "xml" {
		return errors.New("misplaced XML declaration")
	}
	return s.declaration(body[len(target):])
}

func (s *scanner) declaration(body []byte) error {
	attrs, rest, err := attributes(nil, body)
	if err != nil || len(bytes.TrimSpace(rest)) > 0 || len(attrs) == 0 || string(attrs[0].name) != "version" {
		return errors.New("malformed XML declaration")
	}
	if v := string(attrs[0].value); v != "1.0" {
		return fmt.Errorf("XML version %q is not supported", v)
	}
	for _, a := range attrs {
		if v := string(a.value); string(a.name) == "encoding" && !strings.EqualFold(v, "utf-8") {
			return fmt.Errorf("encoding %q is not supported, only UTF-8", v)
		}
	}
	return nil
}

// bang passes over a comment, returns the text of a CDATA section, and refuses
// document types: entities that they define are the door to other files.
func (s *scanner) bang(rest []byte) (token, error) {
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		body, err := s.until(rest, 4, "--")
		if err != nil {
			return token{}, err
		}
		if s.pos >= len(s.in) {
			s.pos -= len(body) + 6
			return token{}, s.cut()
		}
		if s.in[s.pos] != '>' {
			return token{}, errors.New("-- inside a comment")
		}
		s.pos++
		return token{}, checkCharacters(body)
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		if s.depth() == 0 {
			return token{}, errors.New("text outside of the root element")
		}
		body, err := s.until(rest, len("<![CDATA["), "]]>")
		if err != nil {
			return token{}, err
		}
		return token{kind: text, text: body, cdata: true}, checkCharacters(body)
	case len(rest) >= len("<!DOCTYPE") && strings.EqualFold(string(rest[:len("<!DOCTYPE")]), "<!DOCTYPE"):
		return token{}, errors.New("a DOCTYPE is not allowed")
	}
	return token{}, errors.New("malformed markup where a declaration begins")
}

func (s *scanner) endTag(rest []byte) (token, error) {
	i := bytes.IndexByte(rest, '>')
	if i < 0 {
		return token{}, s.cut()
	}
	name := rest[2:i]
	if i > 2 && name[len(name)-1] <= ' ' {
		name = bytes.TrimRight(name, spaces)
	}
	if s.depth() == 0 || !bytes.Equal(name, s.innermost()) {
		return token{}, fmt.Errorf("</%.40s> does not close the element that is open", name)
	}
	s.pos += i + 1
	s.pop()
	return token{kind: end, name: local(name)}, nil
}

func (s *scanner) startTag(rest []byte) (token, error) {
	n := nameEnd(rest[1:]) + 1
	if n == len(rest) {
		return token{}, s.cut()
	}
	name := rest[1:n]
	if !isName(name) {
		return token{}, errors.New("malformed element name")
	}
	var err error
	if s.attrs, rest, err = attributes(s.attrs[:0], rest[n:]); err != nil {
		return token{}, err
	}
	empty := len(rest) > 0 && rest[0] == '/'
	if empty {
		rest = rest[1:]
	}
	switch {
	case len(rest) == 0:
		return token{}, s.cut()
	case rest[0] != '>':
		return token{}, fmt.Errorf("malformed tag <%.40s>", name)
	case s.depth() == 0 && s.rooted:
		return token{}, errors.New("a second root element")
	case s.depth() >= s.maxDepth:
		return token{}, fmt.Errorf("nesting: %w", &Beyond{"depth", s.maxDepth, ""})
	}
	s.pos = len(s.in) - len(rest) + 1
	s.begun, s.rooted = true, true
	s.push(name)
	s.closing = empty
	return token{kind: start, name: local(name)}, nil
}

// maxAttributes bounds the search for attributes of the same name.
const maxAttributes = 256

// attributes reads attributes up to what is none, and returns the rest: nothing
// if the bytes end first.
func attributes(as []attr, b []byte) ([]attr, []byte, error) {
	for {
		trimmed := withoutSpaces(b)
		if len(trimmed) == 0 || trimmed[0] == '>' || trimmed[0] == '/' {
			return as, trimmed, nil
		}
		if len(trimmed) == len(b) {
			return nil, nil, errors.New("no space before an attribute")
		}
		a, rest, err := attribute(trimmed)
		if err != nil || rest == nil {
			return as, nil, err
		}
		if slices.ContainsFunc(as, func(o attr) bool { return bytes.Equal(o.name, a.name) }) {
			return nil, nil, fmt.Errorf("attribute %.40q twice", a.name)
		}
		if len(as) == maxAttributes {
			return nil, nil, fmt.Errorf("attributes of an element: %w", &Beyond{"", maxAttributes, ""})
		}
		as, b = append(as, a), rest
	}
}

// attribute reads one attribute. The rest is nil if the bytes end first.
func attribute(b []byte) (a attr, rest []byte, err error) {
	n := nameEnd(b)
	a.name = b[:n]
	if b = withoutSpaces(b[n:]); len(b) == 0 {
		return a, nil, nil
	}
	if b[0] != '=' || !isName(a.name) {
		return a, nil, errors.New("malformed attribute")
	}
	if b = withoutSpaces(b[1:]); len(b) == 0 {
		return a, nil, nil
	}
	if b[0] != '"' && b[0] != '\'' {
		return a, nil, errors.New("attribute without quotes")
	}
	i := bytes.IndexByte(b[1:], b[0])
	if i < 0 {
		return a, nil, nil
	}
	if a.value = b[1 : 1+i]; bytes.IndexByte(a.value, '<') >= 0 {
		return a, nil, errors.New("< inside an attribute")
	}
	return a, b[1+i+1:], checkText(a.value)
}

// attr returns an attribute of the element last opened, as it is written.
func (s *scanner) attr(name string) ([]byte, bool) {
	for _, a := range s.attrs {
		if string(a.name) == name {
			return a.value, true
		}
	}
	return nil, false
}

// value returns an attribute of the element last opened as text, whatever its
// prefix; "" if there is none.
func (s *scanner) value(name string) (string, error) {
	for _, a := range s.attrs {
		if string(local(a.name)) == name {
			b, err := appendText(nil, a.value)
			return string(b), err
		}
	}
	return "", nil
}

// flag returns an attribute of the element last opened that says yes or no.
func (s *scanner) flag(name string) bool {
	v, _ := s.attr(name)
	return string(v) == "1" || string(v) == "true"
}

// skip passes over the content of the element just opened, to its end.
func (s *scanner) skip() error {
	for depth := s.depth(); s.depth() >= depth; {
		if _, err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

const spaces = " \t\r\n"

func blank(b []byte) bool { return len(withoutSpaces(b)) == 0 }

// withoutSpaces is b from the first byte that is no space.
func withoutSpaces(b []byte) []byte {
	for i, c := range b {
		if c > ' ' || c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return b[i:]
		}
	}
	return nil
}

// local is a name without its prefix.
func local(name []byte) []byte {
	return name[bytes.IndexByte(name, ':')+1:]
}

// nameEnd is where a name ends, at the latest where the bytes do.
func nameEnd(b []byte) int {
	for i, c := range b {
		switch c {
		case ' ', '\t', '\r', '\n', '>', '/', '=', '<', '"', '\'':
			return i
		}
	}
	return len(b)
}

// isName reports whether b may name an element or attribute. Letters beyond
// ASCII are taken as they come: no part of a workbook uses them.
func isName(b []byte) bool {
	for i, c := range b {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case i > 0 && (c == ':' || c == '-' || c == '.' || '0' <= c && c <= '9'):
		default:
			return false
		}
	}
	return len(b) > 0 && b[len(b)-1] != ':'
}

package exports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"
	format "github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	pq "github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// parquetFile reads columns of a Parquet file, row group by row group. Its first
// row is line 1.
type parquetFile struct {
	*stream
	reader *pq.Reader
	fields *pqarrow.FileReader
	schema *arrow.Schema
}

const remedyParquet = "write the file again, or export it as CSV"

// openParquet opens a Parquet file.
func openParquet(path string) (p *parquetFile, err error) {
	s, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.Close()
			err = &atLine{err: fmt.Errorf("damaged or unsupported Parquet file: %w", err), remedy: remedyParquet}
		}
	}()
	defer recovered(&err)
	p = &parquetFile{stream: s}
	// A view of its own: the reader moves the file's position, which the digest needs.
	if p.reader, err = pq.NewParquetReader(io.NewSectionReader(s.file, 0, s.before.Size())); err != nil {
		return nil, err
	}
	if p.fields, err = pqarrow.NewFileReader(p.reader, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator); err != nil {
		return nil, err
	}
	p.schema, err = p.fields.Schema()
	return p, err
}

// names are those of the columns, as a row.
func (p *parquetFile) names() (r tableRow) {
	for _, f := range p.schema.Fields() {
		r.cells = append(r.cells, cell{kind: textCell, text: []byte(f.Name)})
	}
	return r
}

// read returns the given columns of a row group; what they hold stays valid
// until release.
func (p *parquetFile) read(group int, fields []int) (*arrowRows, error) {
	r := &arrowRows{columns: make([][]arrow.Array, len(p.schema.Fields())), rows: int(p.reader.MetaData().RowGroup(group).NumRows())}
	for _, i := range fields {
		if i >= len(r.columns) || r.columns[i] != nil {
			continue
		}
		if nested(p.schema.Field(i).Type) {
			return nil, &atLine{field: p.schema.Field(i).Name, err: errors.New("the column holds lists or records"), remedy: "export its parts as columns of their own"}
		}
		if err := p.unsupported(group, i); err != nil {
			r.release()
			return nil, err
		}
		chunks, err := p.fields.RowGroup(group).Column(i).Read(context.Background())
		if err != nil {
			r.release()
			return nil, p.damaged(i, err)
		}
		r.chunked = append(r.chunked, chunks)
		r.columns[i] = chunks.Chunks()
		if chunks.Len() != r.rows {
			r.release()
			return nil, p.damaged(i, errors.New("columns of different lengths"))
		}
	}
	return r, nil
}

const byteStreamSplit format.Encoding = 9 // Arrow has no name for it

// unsupported is an error where a field is written in a way that Arrow does not read.
func (p *parquetFile) unsupported(group, field int) error {
	leaf, ok := p.leaf(field)
	if !ok {
		return nil
	}
	chunk, err := p.reader.MetaData().RowGroup(group).ColumnChunk(leaf)
	if err != nil {
		return p.damaged(field, err)
	}
	if _, err = compress.GetCodec(chunk.Compression()); err != nil {
		err = fmt.Errorf("compression %s of Parquet is not supported", chunk.Compression())
	}
	for _, e := range chunk.Encodings() {
		if e == byteStreamSplit || e == format.Encodings.DeltaByteArray && chunk.Type() == format.Types.FixedLenByteArray {
			err = fmt.Errorf("encoding %s of %s is not supported with compression %s", e, chunk.Type(), chunk.Compression())
		}
	}
	if err == nil {
		return nil
	}
	return &atLine{field: p.schema.Field(field).Name, err: err, remedy: "write the file again with compression snappy or zstd, or export it as CSV"}
}

// damaged is an error of reading a field.
func (p *parquetFile) damaged(field int, err error) error {
	return &atLine{field: p.schema.Field(field).Name, err: fmt.Errorf("damaged Parquet file: %w", err), remedy: remedyParquet}
}

func nested(t arrow.DataType) bool {
	_, nested := t.(arrow.NestedType)
	return nested
}

// openParquet looks at a Parquet file as openCSV does at CSV.
func (f *file) openParquet(src *Source) error {
	p, err := openParquet(f.path)
	if err != nil {
		return err
	}
	defer p.Close()
	f.before, f.parquet, f.described = p.before, true, "Parquet"
	settling, err := f.headed(src, []tableRow{p.names()})
	if err != nil {
		return err
	}
	f.skip = 0 // the header is no row
	for group := 0; group < p.reader.NumRowGroups() && settling.unsettledText(p.schema); group++ {
		if err := settling.look(p, group); err != nil {
			return err
		}
	}
	return settling.settle()
}

// unsettledText reports whether a column of texts still has to be looked at.
func (s *settling) unsettledText(schema *arrow.Schema) bool {
	return !s.enough() && slices.ContainsFunc(s.columns, func(c *settler) bool { return len(c.texts(schema)) > 0 })
}

// texts returns the fields of an open column that hold texts.
func (s *settler) texts(schema *arrow.Schema) (fields []int) {
	for _, f := range s.fields {
		if s.open() && f < schema.NumFields() && holdsText(schema.Field(f).Type) {
			fields = append(fields, f)
		}
	}
	return fields
}

// look takes the texts of a row group into account.
func (s *settling) look(p *parquetFile, group int) error {
	for _, c := range s.columns {
		for _, field := range c.texts(p.schema) {
			rows, err := p.read(group, []int{field})
			if err != nil {
				return err
			}
			for i := range rows.rows {
				if c.open() {
					c.see(string(rows.cell(i, field).text))
				}
			}
			rows.release()
		}
	}
	return nil
}

// parquetSupply hands out a Parquet file by row groups.
type parquetSupply struct {
	*file
	*parquetFile
	mapped  []int // fields that are read
	byArrow []int // those of them that are not read straight from their pages
	tabler  *tabler
	group   int
	line    int64 // of the first row of the group
}

// parquetSupply opens the file again, to be read.
func (f *file) parquetSupply(src *Source) (of supply, err error) {
	p, err := openParquet(f.path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	defer recovered(&err)
	if !same(p.before, f.before) {
		return nil, errChanged
	}
	s := &parquetSupply{file: f, parquetFile: p, line: 1, mapped: slices.Clone(f.spared)}
	for _, plan := range f.plans {
		s.mapped = append(s.mapped, plan.fields...)
	}
	for _, e := range f.except {
		s.mapped = append(s.mapped, e.field)
	}
	slices.Sort(s.mapped)
	s.mapped = slices.Compact(s.mapped)
	for _, field := range s.mapped {
		if _, ok := s.stored(field); !ok {
			s.byArrow = append(s.byArrow, field)
		}
	}
	if !f.plain(src) {
		s.tabler = newTabler(f, src)
	}
	return s, nil
}

func (s *parquetSupply) next(p *piece) error {
	if s.group == s.reader.NumRowGroups() {
		return io.EOF
	}
	p.group, p.line = s.group, s.line
	rows := s.reader.MetaData().RowGroup(s.group).NumRows()
	s.group++
	s.line += rows
	p.last = s.group == s.reader.NumRowGroups()
	if s.tabler == nil {
		p.counted.Read += rows
		return nil
	}
	all, err := s.rowsOf(p.group, p.line)
	if err != nil {
		return err
	}
	for i := range int(rows) {
		r, err := all.row(i)
		if err != nil {
			return err
		}
		p.keep(s.tabler, r)
	}
	return nil
}

// keep has the tabler take a row whose texts are gone when the piece is decoded.
func (p *piece) keep(t *tabler, r tableRow) {
	for i := range r.cells {
		c := &r.cells[i]
		from := len(p.text)
		p.text = append(p.text, c.text...)
		c.text = p.text[from:len(p.text):len(p.text)]
	}
	t.take(p, r)
}

func (s *parquetSupply) decode(w *worker, p *piece) error {
	if s.tabler != nil {
		w.decoder.fillTable(&p.table)
		return nil
	}
	g := &w.group
	if !p.more {
		if err := g.open(s, w.decoder, p.group); err != nil {
			return err
		}
	}
	if err := g.fill(w.decoder, &p.table, p.line); err != nil {
		return err
	}
	p.more = g.at < g.rows
	return s.judgeBad(w, func(row int) (rawRow, error) { return g.row(w.decoder, row) })
}

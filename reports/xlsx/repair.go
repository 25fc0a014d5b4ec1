package xlsx

import (
	"bytes"
	"slices"
	"strings"
)

// repair brings a part into the order that the schema asks for, and drops what
// excelize writes and the schema forbids.
func repair(name string, xml []byte) []byte {
	switch {
	case name == "[Content_Types].xml":
		return reorder(xml, "Types", nil, nil)
	case name == "xl/styles.xml":
		return reorder(xml, "font", fontOrder, nil)
	case strings.HasPrefix(name, "xl/charts/chart"):
		return repairChart(xml)
	case strings.HasPrefix(name, "xl/worksheets/sheet"):
		// The dimension is optional, and the rows are not counted beforehand.
		if before, after, ok := cutElement(xml, "dimension"); ok {
			return slices.Concat(before, after)
		}
	}
	return xml
}

var fontOrder = []string{
	"b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme",
}

// element is a child of an element, as it stands in the text.
type element struct {
	name string
	xml  []byte
}

// reorder sorts the children of every element of a name: by the given order, or
// by their own text where none is given. Children named in drop are left out.
func reorder(xml []byte, parent string, order, drop []string) []byte {
	var out []byte
	for {
		start, inner, end := find(xml, parent)
		if start < 0 {
			return append(out, xml...)
		}
		out = append(out, xml[:inner]...)
		children := split(xml[inner:end])
		children = slices.DeleteFunc(children, func(e element) bool { return slices.Contains(drop, e.name) })
		slices.SortStableFunc(children, func(a, b element) int {
			if order == nil {
				return bytes.Compare(a.xml, b.xml)
			}
			return slices.Index(order, a.name) - slices.Index(order, b.name)
		})
		for _, e := range children {
			out = append(out, e.xml...)
		}
		xml = xml[end:]
	}
}

// find returns where the first element of a name with content starts, where its
// content starts and where that ends; -1 if there is none.
func find(xml []byte, name string) (start, inner, end int) {
	from := 0
	for {
		i := bytes.Index(xml[from:], []byte("<"+name))
		if i < 0 {
			return -1, 0, 0
		}
		start = from + i
		after := start + 1 + len(name)
		close := start + bytes.IndexByte(xml[start:], '>')
		if (xml[after] != ' ' && xml[after] != '>') || xml[close-1] == '/' {
			from = close
			continue
		}
		inner = close + 1
		end = inner + bytes.Index(xml[inner:], []byte("</"+name+">"))
		return start, inner, end
	}
}

// split cuts the content of an element into its children.
func split(xml []byte) []element {
	var children []element
	depth, begin := 0, 0
	for i := 0; i < len(xml); {
		if xml[i] != '<' {
			i++
			continue
		}
		end := i + bytes.IndexByte(xml[i:], '>') + 1
		if depth == 0 {
			begin = i
		}
		switch {
		case xml[i+1] == '/':
			depth--
		case xml[end-2] != '/':
			depth++
		}
		if i = end; depth == 0 {
			name, _, _ := bytes.Cut(bytes.Trim(xml[begin:begin+bytes.IndexByte(xml[begin:], '>')], "</"), []byte(" "))
			children = append(children, element{string(name), xml[begin:end]})
		}
	}
	return children
}

// seriesOrder is the order of a series' children in every type of chart.
var seriesOrder = []string{
	"idx", "order", "tx", "spPr", "invertIfNegative", "pictureOptions", "marker", "dPt", "dLbls", "trendline", "errBars",
	"cat", "val", "xVal", "yVal", "smooth", "bubbleSize", "bubble3D", "shape", "extLst",
}

// repairChart drops what belongs to another type of chart or axis.
func repairChart(xml []byte) []byte {
	for chart, foreign := range map[string][]string{"barChart": {"marker", "smooth"}, "lineChart": {"invertIfNegative"}, "scatterChart": {"invertIfNegative"}} {
		xml = within(xml, chart, func(inner []byte) []byte { return reorder(inner, "ser", seriesOrder, foreign) })
	}
	return within(xml, "plotArea", func(inner []byte) []byte {
		return reorder(inner, "valAx", valueAxisOrder, []string{"auto", "lblAlgn", "lblOffset", "noMultiLvlLbl"})
	})
}

var valueAxisOrder = []string{
	"axId", "scaling", "delete", "axPos", "majorGridlines", "minorGridlines", "title", "numFmt", "majorTickMark", "minorTickMark",
	"tickLblPos", "spPr", "txPr", "crossAx", "crosses", "crossesAt", "crossBetween", "majorUnit", "minorUnit", "dispUnits", "extLst",
}

// within applies a repair to the content of every element of a name.
func within(xml []byte, parent string, repair func(inner []byte) []byte) []byte {
	var out []byte
	for {
		start, inner, end := find(xml, parent)
		if start < 0 {
			return append(out, xml...)
		}
		out = append(append(out, xml[:inner]...), repair(xml[inner:end])...)
		xml = xml[end:]
	}
}

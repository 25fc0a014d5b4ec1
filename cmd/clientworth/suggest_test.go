package main

import (
	"bytes"
	"strings"
	"testing"

	"clientworth/pipeline/facts"
)

// A name that is like no client is written out, too: whoever has no clients file
// yet sees where it belongs.
func TestStrangersAreWrittenOut(t *testing.T) {
	var out bytes.Buffer
	p := &program{out: &out}
	p.suggested([]facts.Unknown{{Account: facts.AccountName{Name: "Müller GmbH"}}})
	if !strings.Contains(out.String(), "clients:\n") || !strings.Contains(out.String(), `{client_id: "?", client: "?", aliases: Müller GmbH}`) {
		t.Errorf("%s", out.String())
	}
}

package exports

import "testing"

// Processors that have less see the same.
func TestOlderProcessors(t *testing.T) {
	had := []bool{avx2, bmi, avx512, vbmi2}
	defer func() { avx2, bmi, avx512, vbmi2 = had[0], had[1], had[2], had[3] }()
	for _, test := range []struct {
		name string
		less func()
	}{
		{"without VBMI2", func() { vbmi2 = false }},
		{"without AVX-512", func() { avx512 = false }},
		{"without AVX2", func() { avx2, bmi = false, false }},
	} {
		test.less()
		t.Run(test.name, func(t *testing.T) {
			t.Run("look", TestLook)
			t.Run("split", TestSplit)
			t.Run("spans", TestSpans)
			t.Run("UTF-8", TestUTF8)
			t.Run("spellings", TestNumbersOfSpellings)
			t.Run("spellings alike", TestSpellingsAlike)
			t.Run("spellings in a row", TestSpellingsInARow)
		})
	}
}

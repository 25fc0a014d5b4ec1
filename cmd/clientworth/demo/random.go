package demo

import "math/bits"

// random is splitmix64: a few integer operations, so that the sample company is
// the same on every machine and with every release of Go.
type random struct{ state uint64 }

// purpose keeps apart what is drawn for one client and month.
type purpose uint64

const (
	forBilling purpose = iota + 1
	forSupport
	forPools
	forDirect
)

// draw starts the numbers of a purpose, client and month. No number depends on
// what was drawn for another client or month.
func draw(why purpose, client, month int) *random {
	r := &random{uint64(why)*0xD1B54A32D192ED03 ^ uint64(client)*0x9E3779B97F4A7C15 ^ uint64(month)*0x8CB92BA72F3D8DD7}
	r.next()
	return r
}

func (r *random) next() uint64 {
	r.state += 0x9E3779B97F4A7C15
	z := r.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (r *random) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// about returns v, more or less by up to the given per cent.
func (r *random) about(v, percent int) int {
	return v * (100 - percent + r.below(2*percent+1)) / 100
}

// chance is true in the given per cent of the cases.
func (r *random) chance(percent int) bool { return r.below(100) < percent }

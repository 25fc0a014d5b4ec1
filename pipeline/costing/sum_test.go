package costing

import (
	"reflect"
	"testing"
)

// Every figure of a month is in a sum of months, and what is unknown of one is
// unknown of the sum.
func TestSumLeavesNothingOut(t *testing.T) {
	m := Month{ListKnown: true, GivenKnown: true}
	fields := reflect.ValueOf(&m).Elem()
	for i := range fields.NumField() {
		if f := fields.Field(i); f.CanInt() {
			f.SetInt(int64(i + 1))
		}
	}
	sum := Sum([]Month{m, m})
	for i := range fields.NumField() {
		if f := reflect.ValueOf(sum).Field(i); f.CanInt() && f.Int() != 2*int64(i+1) {
			t.Errorf("%s of two months of %d is %d", fields.Type().Field(i).Name, i+1, f.Int())
		}
	}
	if !sum.ListKnown || !sum.GivenKnown {
		t.Errorf("what is known of both months is known: %+v", sum)
	}
	if sum := Sum([]Month{m, {}, m}); sum.ListKnown || sum.GivenKnown {
		t.Errorf("what is unknown of a month is known: %+v", sum)
	}
}

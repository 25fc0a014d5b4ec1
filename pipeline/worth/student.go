package worth

import "gonum.org/v1/gonum/stat/distuv"

// student is Student's t with some degrees of freedom, in tables: values of equal
// probability, of which one random word gives six, and how much lies below a
// value.
type student struct {
	quantiles [studentSteps]float32
	under     [2*studentReach*studentFine + 2]float64
}

const (
	studentBits  = 10
	studentSteps = 1 << studentBits
	studentReach = 16 // beyond it lies next to nothing
	studentFine  = 64 // steps of 1
)

func studentOf(nu int) *student {
	t := distuv.StudentsT{Sigma: 1, Nu: float64(nu)}
	var s student
	for i := range studentSteps / 2 {
		q := float32(t.Quantile((float64(i) + 0.5) / studentSteps))
		s.quantiles[i], s.quantiles[studentSteps-1-i] = q, -q
	}
	for i := range s.under {
		s.under[i] = t.CDF(float64(i)/studentFine - studentReach)
	}
	return &s
}

// below is the probability of a value below z; of nothing over nothing, where two
// certain gaps are equal, it is a half.
func (s *student) below(z float32) float64 {
	switch {
	case z >= studentReach:
		return 1
	case z <= -studentReach:
		return 0
	case z != z:
		return 0.5
	}
	steps := (z + studentReach) * studentFine
	i := int(steps)
	part := float64(steps - float32(i))
	return s.under[i] + part*(s.under[i+1]-s.under[i])
}

package worth

import "cmp"

// split moves the k smallest values to the front and returns the largest of
// them, by quickselect.
func split[T cmp.Ordered](v []T, k int) T {
	low, high := 0, len(v)-1
	for low < high {
		pivot := v[(low+high)/2]
		i, j := low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k-1 <= j:
			high = j
		case k-1 >= i:
			low = i
		default:
			return v[k-1]
		}
	}
	return v[k-1]
}

package words

import "clientworth/pipeline/period"

var jalaliMonths = [...]string{
	"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
}

// jalaliEpoch is where 1 Farvardin of the year 1 would lie if the cycle of 33
// years had always held: a day before 22 March 622, where it did lie.
var jalaliEpoch, _ = period.DayOf(622, 3, 21)

// jalali returns the date of a day in the Jalali (Solar Hijri) calendar. Leap
// years follow the cycle of 33 years, which gives those of the official calendar
// from 1178 to 1633 (1799 to 2255).
func jalali(d period.Day) (year, month, day int) {
	year = d.Month().Year() - 621
	for d < nowruz(year) {
		year--
	}
	n := int(d - nowruz(year))
	if n < 6*31 {
		return year, n/31 + 1, n%31 + 1
	}
	n -= 6 * 31
	return year, n/30 + 7, n%30 + 1
}

// nowruz returns the first day of a Jalali year.
func nowruz(year int) period.Day {
	leaps := 0
	for _, r := range [...]int{1, 5, 9, 13, 17, 22, 26, 30} {
		leaps += (year - 1 - r + 33) / 33
	}
	return jalaliEpoch + period.Day((year-1)*365+leaps)
}

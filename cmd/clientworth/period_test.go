package main

import (
	"testing"
	"time"
)

// Faults 61 and 62: the default period is the last month that is over, in the
// company's zone: leap days, month ends, years, and zones far from UTC.
func TestFault61Fault62DefaultPeriod(t *testing.T) {
	t.Setenv("ZONEINFO", "/nonexistent")
	for _, c := range []struct{ now, zone, asOf, want string }{
		{"2026-11-01T00:00:00Z", "UTC", "", "2026-10"},
		{"2026-10-31T23:59:59Z", "UTC", "", "2026-09"},
		{"2024-03-01T00:00:00Z", "UTC", "", "2024-02"},
		{"2024-02-29T12:00:00Z", "UTC", "", "2024-01"},
		{"2027-01-01T00:00:00Z", "UTC", "", "2026-12"},
		{"2026-12-31T23:00:00Z", "Europe/Berlin", "", "2026-12"},
		{"2026-10-31T20:29:59Z", "Asia/Tehran", "", "2026-09"},
		{"2026-10-31T20:30:00Z", "Asia/Tehran", "", "2026-10"},
		{"2026-10-31T18:15:00Z", "Asia/Kathmandu", "", "2026-10"},
		{"2026-10-31T11:00:00Z", "Pacific/Apia", "", "2026-10"},
		{"2026-11-01T10:59:59Z", "Pacific/Pago_Pago", "", "2026-09"},
		{"2026-10-25T00:30:00Z", "Europe/London", "", "2026-09"}, // the hour that comes twice
		{"1970-01-01T00:00:00Z", "UTC", "2024-03-31", "2024-02"},
		{"2099-01-01T00:00:00Z", "UTC", "2020-12-31", "2020-11"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		got, err := when(now, zone, "", c.asOf)
		if err != nil || got.String() != c.want {
			t.Errorf("%s in %s: %s, %v, want %s", c.now, c.zone, got, err, c.want)
		}
	}
}

func TestPeriodMustBeOver(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	if got, err := when(now, time.UTC, "2026-10", ""); err != nil || got.String() != "2026-10" {
		t.Errorf("%s, %v", got, err)
	}
	for _, period := range []string{"2026-11", "2027-01", "2026-13", "October", "2026-1"} {
		if got, err := when(now, time.UTC, period, ""); statusOf(err) != statusUsage {
			t.Errorf("%s is taken: %s, %v", period, got, err)
		}
	}
}

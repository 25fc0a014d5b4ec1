package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"clientworth/pipeline/exports"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
)

// small is a configuration with nothing but what is needed; line 9 is free.
const small = `currency: EUR
billing:
  - path: billing.csv
support_hours:
  - path: hours.csv
rates:
  - {role: support, hourly_cost: 60.00}
window_months: 3
`

func configured(t *testing.T, text string) (*configuration, error) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"billing.csv", "hours.csv", "more/b.csv", "more/a.csv", "more/.hidden"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "clientworth.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return load(path)
}

func mustConfigure(t *testing.T, text string) *configuration {
	t.Helper()
	c, err := configured(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Fault 68: whatever is wrong with the configuration is named with its line.
func TestFault68WrongConfiguration(t *testing.T) {
	for name, c := range map[string]struct{ text, want, remedy string }{
		"unknown key":             {"target_marign: 20%", `9: the configuration has no setting "target_marign"`, "did you mean target_margin?"},
		"unknown key in a group":  {"limits: {unmaped: 3%}", `9: limits has no setting "unmaped"`, "did you mean unmapped?"},
		"key like no other":       {"zzz: 1", `9: the configuration has no setting "zzz"`, "known are actions, activities, "},
		"the same key twice":      {"currency: USD", `9: mapping key "currency" already defined`, "keep one of the two"},
		"a tab":                   {"limits:\n\tunmapped: 1%", "10: found character", "indent with spaces"},
		"another encoding":        {"company: M\xfcller", "9: the configuration is not UTF-8", "save it as UTF-8"},
		"two bytes a letter":      {"\x00c\x00o", "9: the configuration is not UTF-8", "save it as UTF-8"},
		"twice in a group":        {"limits: {unmapped: 1%, unmapped: 2%}", `9: mapping key "unmapped" already defined`, ""},
		"list for a value":        {"company: [a, b]", `9: company is a list, and should be a single value`, ""},
		"value for a group":       {"limits: 3%", `9: limits is a single value, and should have settings`, ""},
		"no value":                {"company:", `9: company has no value`, "leave the setting out"},
		"words for a number":      {"seed: many", `9: seed: "many" is not a whole number`, ""},
		"fraction of a count":     {"min_months: 2.5", `9: min_months: "2.5" is not a whole number`, ""},
		"number for a flag":       {"clients_closed: 1", `9: clients_closed: "1" is neither true nor false`, ""},
		"share without sign":      {"target_margin: 20", `9: target_margin: "20" is no share: write 20% or 0.2`, ""},
		"negative share":          {"rate_cv: -5%", `9: rate_cv: "-5%" is no share`, ""},
		"whole revenue as margin": {"target_margin: 100%", "9: target_margin must be below 100%", ""},
		"segment's margin":        {"target_margin_by_segment: {Public: 120%}", "9: the target margin of Public must be below 100%", ""},
		"more than all labour":    {"avoidable: {labour_monthly: 120%}", "9: avoidable.labour_monthly must be at most 100%", ""},
		"more than all of a role": {"avoidable: {roles: {support: 120%}}", "9: avoidable.roles must be at most 100%", ""},
		"always sure":             {"confidence: 100%", "9: confidence must be above 0% and below 100%", ""},
		"never judged":            {"min_months: 20", "9: min_months is 20 and window_months 3: no client could ever be judged", ""},
		"fails before it warns":   {"freshness: {warn: 10, error: 5}", "9: freshness: error would be reached before warn", ""},
		"stops before it warns":   {"limits: {small_month: {warn: 10%, error: 50%}}", "9: limits.small_month: error would be reached before warn", ""},
		"no capacity":             {"practical_capacity: 0%", "9: practical_capacity must be above 0", ""},
		"currency in words":       {"materiality: {amount: 100 euro}", `9: amount: "100 euro" is not a plain number`, ""},
		"no such zone":            {"timezone: Europe/Londn", `9: timezone: "Europe/Londn" is not a time zone`, ""},
		"the machine's zone":      {"timezone: Local", `9: timezone: "Local" is not a time zone`, ""},
		"word not on the list":    {"paper: A3", `9: paper: "A3" is none of A4, Letter`, ""},
		"input without settings":  {"fx: rates.csv", `9: fx is a single value, and should have settings`, ""},
		"unknown source setting":  {"fx:\n  - path: more/a.csv\n    delimeter: ;", `11: fx has no setting "delimeter"`, "did you mean delimiter?"},
		"unknown column":          {"fx:\n  - path: more/a.csv\n    columns: {curency: C}", `11: fx has no column "curency"`, "did you mean currency?"},
		"unknown inline column":   {"fx:\n  - {currency: USD, month: 2026-10, rat: 0.9}", `10: fx has no column "rat"`, "did you mean rate?"},
		"two origins":             {"fx:\n  - path: more/a.csv\n    columns: {rate: {column: A, value: 1}}", `11: rate needs exactly one of column, value`, ""},
		"product of one":          {"fx:\n  - path: more/a.csv\n    columns: {rate: {multiply: [A]}}", `11: rate: multiply names two columns`, ""},
		"unknown alias":           {"company: *name", `9: *name stands for nothing above it`, ""},
		"broken text":             {"company: [a", `9: sequence end token ']' not found`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := configured(t, small+c.text+"\n")
			if statusOf(err) != statusUsage {
				t.Fatalf("status %d: %v", statusOf(err), err)
			}
			if !strings.HasPrefix(err.Error(), "clientworth.yaml:") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is  %v\nand not   %s", err, c.want)
			}
			if !strings.Contains(remedyOf(err), c.remedy) {
				t.Errorf("remedy is %q", remedyOf(err))
			}
		})
	}
}

func TestMissingInputNamesItsLine(t *testing.T) {
	for _, path := range []string{"gone.csv", "gone/*.csv", "empty*"} {
		c := mustConfigure(t, small+"pools:\n  - path: "+path+"\n")
		err := errors.Join(c.missing...)
		if statusOf(err) != statusMissing || !strings.Contains(err.Error(), "clientworth.yaml:10: pools: there is no file "+path) {
			t.Errorf("%s: status %d: %v", path, statusOf(err), err)
		}
	}
}

func TestWhatNothingStandsInFor(t *testing.T) {
	for _, lack := range []string{"currency", "billing", "support_hours", "rates"} {
		var kept []string
		skip := false
		for line := range strings.Lines(small) {
			if !strings.HasPrefix(line, " ") {
				skip = strings.HasPrefix(line, lack+":")
			}
			if !skip {
				kept = append(kept, line)
			}
		}
		_, err := configured(t, strings.Join(kept, ""))
		if statusOf(err) != statusUsage || remedyOf(err) == "" {
			t.Errorf("without %s: status %d: %v", lack, statusOf(err), err)
		}
	}
	_, err := load(filepath.Join(t.TempDir(), "clientworth.yaml"))
	if statusOf(err) != statusUsage || !strings.Contains(remedyOf(err), "--config") {
		t.Errorf("without a configuration: status %d: %v", statusOf(err), err)
	}
}

// Some editors begin a file with a byte order mark, and end lines with two bytes.
func TestConfigurationOfAnotherEditor(t *testing.T) {
	c := mustConfigure(t, "\ufeff"+strings.ReplaceAll(small, "\n", "\r\n")+"company: Öl & Söhne\r\n")
	if c.Company != "Öl & Söhne" || c.Currency.Code != "EUR" {
		t.Errorf("company %q, currency %q", c.Company, c.Currency.Code)
	}
}

func TestSettingsAreRead(t *testing.T) {
	c := mustConfigure(t, small+`company: "Öl & Söhne"
timezone: Asia/Kathmandu
target_margin: 0.25
target_margin_by_segment: {Enterprise: 30%, Public sector: 12.5%}
materiality: {amount: 250.50, share: 2%}
limits: {unmapped: 20%}
revenue: {recognise: document}
avoidable: {pools: 10%, roles: {support: 40%}}
verdicts: {sure: 90%}
rank_by: parent
internal_names: Ourselves Ltd
`)
	if c.Company != "Öl & Söhne" || c.Zone.String() != "Asia/Kathmandu" || c.Recognise != "document" || !c.Worth.ByParent {
		t.Errorf("read %+v", c)
	}
	if c.Worth.Target != measure.Million/4 || c.Worth.TargetBySegment["Public sector"] != measure.Million/8 {
		t.Errorf("target margins %v %v", c.Worth.Target, c.Worth.TargetBySegment)
	}
	if want := money.Millionths(250_500_000); c.Worth.MaterialAmount != want {
		t.Errorf("materiality %v", c.Worth.MaterialAmount)
	}
	if c.Limits.Unmapped != measure.Million/5 || c.Limits.SetAside != measure.Million/100 {
		t.Errorf("limits %v %v", c.Limits.Unmapped, c.Limits.SetAside)
	}
	if c.Worth.Avoidable.Roles["support"] != 400_000 || c.Worth.Avoidable.LabourHourly != measure.Million || c.Verdict.SureAt != 900_000 {
		t.Error("a setting in a group was not read, or moved another")
	}
	if len(c.Internal) != 1 || c.Months != 3 {
		t.Errorf("read %+v", c)
	}
}

func TestSourcesAreRead(t *testing.T) {
	c := mustConfigure(t, small+`clients:
  - path: more
    columns: &names
      client_id: [No, Number]
      client: Name
      region: Region
      segment: {value: all}
  - {path: more/*.csv, columns: *names, encoding: windows-1252, delimiter: ";", decimal: ",", date_format: dd.mm.yyyy}
direct_costs:
  path: more/a.csv
  columns:
    amount: {multiply: [Quantity, Price]}
    cause: {column: Why, map: {own_error: [bug, rework]}}
`)
	by := map[exports.Input][]exports.Source{}
	for _, s := range c.Sources {
		by[s.Input] = append(by[s.Input], s)
	}
	clients := by[exports.Clients]
	if len(clients) != 2 || strings.Join(clients[0].Files, " ") != "more/a.csv more/b.csv" || strings.Join(clients[1].Files, " ") != "more/a.csv more/b.csv" {
		t.Fatalf("clients: %+v", clients)
	}
	if m := clients[1].Columns["client_id"]; strings.Join(m.Header, " ") != "No Number" || clients[1].Columns["region"].Header[0] != "Region" {
		t.Errorf("columns: %+v", clients[1].Columns)
	}
	if s := clients[1]; s.Encoding != "windows-1252" || s.Delimiter != ";" || s.Decimal != "," || s.Dates != "dd.mm.yyyy" || s.Home != c.Zone {
		t.Errorf("dialect: %+v", s)
	}
	direct := by[exports.DirectCosts][0].Columns
	if direct["amount"].Multiply != [2]string{"Quantity", "Price"} || direct["cause"].Map["own_error"][1] != "rework" {
		t.Errorf("columns: %+v", direct)
	}
	rates := by[exports.Rates][0]
	if len(rates.Inline) != 1 || rates.Inline[0].Values["hourly_cost"] != "60.00" || rates.Inline[0].Line != 7 || rates.Files[0] != "clientworth.yaml" {
		t.Errorf("rates given in the configuration: %+v", rates)
	}
}

// The effective configuration is what a report depends on: a setting that is
// written out with its default changes nothing, another value does, and where
// the files lie does not matter.
func TestDigestFollowsWhatIsInForce(t *testing.T) {
	plain := mustConfigure(t, small).digest()
	if mustConfigure(t, small+"target_margin: 20%\n").digest() != plain {
		t.Error("a default written out changes the digest")
	}
	for _, change := range []string{"target_margin: 21%", "language: fa", "limits: {unmapped: 6%}", "fx:\n  - path: more/a.csv", "verdicts: {sure: 81%}"} {
		if mustConfigure(t, small+change+"\n").digest() == plain {
			t.Errorf("%s does not change the digest", change)
		}
	}
}

func TestEverySettingIsReadAndWritten(t *testing.T) {
	c := mustConfigure(t, small)
	seen := map[string]bool{}
	for _, s := range c.settings() {
		if seen[s.key] || s.meaning == "" {
			t.Errorf("%s stands twice or says nothing", s.key)
		}
		seen[s.key] = true
		if value := inForce(s.target); strings.Contains(value, "\n") {
			t.Errorf("%s is %q", s.key, value)
		}
	}
}

func TestShare(t *testing.T) {
	for text, want := range map[string]measure.Share{
		"20%": 200_000, "20 %": 200_000, "0.2": 200_000, "0.000001": 1, "1.5": 1_500_000, "150%": 1_500_000, "0": 0, "12.5%": 125_000,
	} {
		if got, err := share(text); err != nil || got != want {
			t.Errorf("%s is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "%", "twenty", "-1%", "1,5%", "20", "1e-2", "0.0000001", ".5", "5."} {
		if got, err := share(text); err == nil {
			t.Errorf("%q is read as %d", text, got)
		}
	}
}

func TestStatusesStandInTheHelp(t *testing.T) {
	help := strings.Join(strings.Fields(longHelp()), " ")
	for _, s := range statuses {
		if s.status == 2 {
			t.Error("2 is the runtime's own status when it crashes")
		}
		if !strings.Contains(help, s.meaning) {
			t.Errorf("%d is not in the help", s.status)
		}
	}
	if statusOf(errors.New("unheard of")) != statusFailed {
		t.Error("an unknown error is no failure")
	}
}

// Help fits a terminal, and questions say which month they are about.
func TestHelpFits(t *testing.T) {
	for _, command := range []string{"", "run", "check", "init", "explain", "whatif", "settings", "presets", "demo", "verify"} {
		status, help := ran(t, "2026-11-02", patience, strings.Fields(command+" --help")...)
		if status != statusDone {
			t.Errorf("%s: status %d", command, status)
		}
		for line := range strings.Lines(help) {
			if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > 80 {
				t.Errorf("%s: more than 80 columns: %s", command, line)
			}
		}
		if asks := command == "explain" || command == "whatif"; asks != strings.Contains(strings.Join(strings.Fields(help), " "), "(default: the newest published)") {
			t.Errorf("%s: %s", command, help)
		}
	}
}

// Fault 69: rates that everybody can read are refused where that is asked for.
func TestFault69RatesForEverybody(t *testing.T) {
	text := strings.Replace(small, "  - {role: support, hourly_cost: 60.00}", "  - path: billing.csv", 1)
	if c := mustConfigure(t, text); c.openRates() != "billing.csv" {
		t.Errorf("open rates: %q", c.openRates())
	}
	_, err := configured(t, text+"strict_permissions: true\n")
	if statusOf(err) != statusUsage || !strings.Contains(err.Error(), "everybody on this machine can read billing.csv") {
		t.Errorf("status %d: %v", statusOf(err), err)
	}
	if c := mustConfigure(t, small+"strict_permissions: true\n"); c.openRates() != "" {
		t.Error("rates given in the configuration are no file")
	}
}

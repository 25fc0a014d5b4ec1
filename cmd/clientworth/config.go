package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"clientworth/pipeline"
	"clientworth/pipeline/exports"
	"clientworth/pipeline/exports/xlsx"
	"clientworth/pipeline/measure"
	"clientworth/pipeline/money"
	"clientworth/pipeline/verdict"
	"clientworth/pipeline/worth"
	"clientworth/reports/words"
)

// configuration is what clientworth.yaml says, with defaults where it is silent.
type configuration struct {
	Folder string // where the file stands: relative paths start here

	Company  string
	Contact  string
	Internal []string // names of our own company in the exports
	Currency money.Currency
	Zone     *time.Location
	Language string
	Paper    string
	Output   string // folder for reports
	Dossiers int    // clients with a page of their own
	Values   string // of cells in findings: redacted or shown
	Strict   bool   // refuse rates that everybody can read

	Heartbeat     heartbeat
	RetentionDays int // of findings files; 0: they stay

	Months        int // of the window
	ClientsClosed bool
	Recognise     string // service or document
	Limits        pipeline.Limits
	Workbook      xlsx.Limits
	Freshness     exports.Freshness // of billing and support hours, where their entries do not say

	RankBy  string // client or parent
	Worth   worth.Options
	Verdict verdict.Options
	Sources []exports.Source
	missing []error // of the sources: a run that lacks them is recorded all the same
}

// setting is one key of the configuration: what its value is read into, and its
// meaning in one line.
type setting struct {
	key     string
	target  any
	meaning string
}

// settings lists every key but the inputs, in the order of the documentation.
func (c *configuration) settings() []setting {
	list := []setting{
		{"company", &c.Company, "name of the company, for the title"},
		{"contact", &c.Contact, "whom readers of the report may ask"},
		{"internal_names", &c.Internal, "further names of our own company in the exports: no clients"},
		{"currency", &c.Currency, "report currency, an ISO 4217 code"},
		{"timezone", &c.Zone, "the company's time zone, which decides the month"},
		{"language", choice{&c.Language, languages()}, "language of the report: en, ru or fa"},
		{"paper", choice{&c.Paper, []string{"A4", "Letter"}}, "paper that sheets are printed on"},
		{"dossiers", &c.Dossiers, "clients with a page of their own in the workbook"},
		{"findings.values", choice{&c.Values, []string{"redacted", "shown"}}, "values of cells in findings: their shape (9,999.99, Xxxx), or as they stand"},
		{"output", &c.Output, "folder for the reports"},
		{"window_months", &c.Months, "months up to and including the period"},
		{"heartbeat.url", &c.Heartbeat.URL, "address of a watcher that is told when a run begins and how it ends"},
		{"heartbeat.file", &c.Heartbeat.File, "file that says when the last run ended, and how"},
		{"retention_days", &c.RetentionDays, "days after which the findings files of earlier reports are removed; 0: never"},
		{"strict_permissions", &c.Strict, "refuse rates that everybody on the machine can read"},
		{"clients_closed", &c.ClientsClosed, "only the clients file says who is a client"},
		{"revenue.recognise", choice{&c.Recognise, sortedKeys(recognitions)}, "month of revenue: by service period, or by document date"},
		{"rank_by", choice{&c.RankBy, []string{"client", "parent"}}, "rank clients, or parents with their clients as detail"},
		{"limits.set_aside", &c.Limits.SetAside, "share of money or hours set aside above which nothing is published"},
		{"limits.unmapped", &c.Limits.Unmapped, "share of money or hours unmapped above which nothing is published"},
		{"limits.missing_months", &c.Limits.MissingMonths, "months without billing, or hours, above which nothing is published"},
		{"limits.small_month.warn", &c.Limits.SmallMonth.Warn, "share of its usual rows below which the period is a reservation"},
		{"limits.small_month.error", &c.Limits.SmallMonth.Error, "the same, below which nothing is published"},
		{"limits.workbook.members", &c.Workbook.Members, "parts of an .xlsx export above which it is refused"},
		{"limits.workbook.inflated", &c.Workbook.Inflated, "bytes that its parts may inflate to together"},
		{"limits.workbook.ratio", &c.Workbook.Ratio, "times its size that a part above 1 MB may inflate to"},
		{"limits.workbook.depth", &c.Workbook.Depth, "elements of XML that may stand in each other"},
		{"limits.workbook.columns", &c.Workbook.Columns, "columns of a sheet that may have values, 16384 at most"},
		{"freshness.warn", &c.Freshness.Warn, "days from an export's last row to the period's end above which it is a reservation; 0: no limit"},
		{"freshness.error", &c.Freshness.Error, "the same, above which nothing is published; 0: no limit"},
	}
	for _, s := range append(c.Worth.Settings(), c.Verdict.Settings()...) {
		if s.Value == &c.Worth.ByParent {
			continue // said with rank_by
		}
		list = append(list, setting{s.Key, s.Value, s.Meaning})
	}
	return list
}

// languages are the words of the setting language.
func languages() (all []string) {
	for _, l := range words.Languages() {
		all = append(all, string(l))
	}
	return all
}

// ourNames are the names under which our own company stands in the exports.
func (c *configuration) ourNames() []string {
	if c.Company == "" {
		return c.Internal
	}
	return append(slices.Clip(c.Internal), c.Company)
}

// defaults returns what holds where the configuration is silent.
func defaults(folder string) *configuration {
	return &configuration{
		Folder: folder, Output: "reports", Zone: time.UTC, Language: "en", Paper: "A4", Dossiers: 20, Values: "redacted", Months: 12, Recognise: "service", RankBy: "client",
		Limits: pipeline.DefaultLimits, Workbook: xlsx.DefaultLimits,
		Worth: worth.Defaults(), Verdict: verdict.Defaults(),
	}
}

// load reads a configuration. Its errors are [*configError], with the line. Inputs
// that are not there are no error of it, but stop the job.
func load(path string) (*configuration, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	c := defaults(filepath.Dir(full))
	d := &document{name: filepath.Base(path), lines: map[string]int{}}
	text, err := os.ReadFile(full)
	if errors.Is(err, fs.ErrNotExist) {
		d.name = path
		return nil, d.wrong(0, "name the configuration with --config, or write one with clientworth init", "there is no such file")
	}
	if err != nil {
		return nil, d.wrong(0, "", "%v", err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if err := d.legible(text); err != nil {
		return nil, err
	}
	if err := d.questions(string(text)); err != nil {
		return nil, err
	}
	if err := c.read(d, text); err != nil {
		return nil, err
	}
	c.Worth.ByParent = c.RankBy == "parent"
	if f := c.Heartbeat.File; f != "" && !filepath.IsAbs(f) {
		c.Heartbeat.File = filepath.Join(c.Folder, f)
	}
	return c, c.check(d)
}

// legible refuses what an editor saved in another encoding: it would be read as
// other names.
func (d *document) legible(text []byte) error {
	for i, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
			return d.wrong(i+1, "save it as UTF-8", "the configuration is not UTF-8")
		}
	}
	return nil
}

// unfilled is a setting that init could not tell.
var unfilled = regexp.MustCompile(`([a-z_]+): "\?"`)

// questions refuses a configuration with question marks that init left in it, and
// names the lines of all.
func (d *document) questions(text string) error {
	var lines []string
	var first, remedy string
	var at int
	for i, line := range strings.Split(text, "\n") {
		said, _, _ := strings.Cut(line, "#")
		if m := unfilled.FindStringSubmatch(said); m != nil {
			first, at = cmp.Or(first, m[1]), cmp.Or(at, i+1)
			lines = append(lines, strconv.Itoa(i+1))
		}
	}
	switch len(lines) {
	case 0:
		return nil
	case 1:
		remedy = "write what its comment asks for"
	default:
		remedy = "write what its comment asks for, and so on line " + strings.Join(lines[1:], ", ")
	}
	return d.wrong(at, remedy, "%s has a question mark that is to be filled in", first)
}

// read reads settings first, because sources depend on some, and then sources.
func (c *configuration) read(d *document, text []byte) error {
	top, err := d.parse(text)
	if err != nil {
		return err
	}
	fields, err := d.fields(top, d.name)
	if err != nil {
		return err
	}
	settings := c.settings()
	isInput := func(f field) bool { return slices.Contains(inputs, exports.Input(f.key)) }
	for _, f := range fields {
		if isInput(f) {
			continue
		}
		if err := c.set(d, settings, "", f); err != nil {
			return err
		}
	}
	for _, f := range fields {
		if !isInput(f) {
			continue
		}
		if err := c.sources(d, exports.Input(f.key), f); err != nil {
			return err
		}
	}
	return nil
}

// set reads one setting, or the group of settings that share its key's beginning.
func (c *configuration) set(d *document, settings []setting, group string, f field) error {
	name := group + f.key
	below := false
	var known []string
	for _, s := range settings {
		if s.key == name {
			d.lines[name] = f.line
			return d.assign(f, s.target)
		}
		below = below || strings.HasPrefix(s.key, name+".")
		if rest, ok := strings.CutPrefix(s.key, group); ok {
			key, _, _ := strings.Cut(rest, ".")
			known = append(known, key)
		}
	}
	if !below {
		what := strings.TrimSuffix(group, ".")
		if group == "" {
			what = "the configuration"
			for _, in := range inputs {
				known = append(known, string(in))
			}
		}
		slices.Sort(known)
		return d.unknown(f, what+" has no setting", slices.Compact(known))
	}
	fields, err := d.fields(f.value, name)
	if err != nil {
		return err
	}
	for _, one := range fields {
		if err := c.set(d, settings, name+".", one); err != nil {
			return err
		}
	}
	return nil
}

// check refuses a configuration that lacks what nothing can stand in for, or
// cannot hold.
func (c *configuration) check(d *document) error {
	has := func(in exports.Input) bool {
		return slices.ContainsFunc(c.Sources, func(s exports.Source) bool { return s.Input == in })
	}
	if c.Currency.Code == "" {
		return d.wrong(0, "write for example currency: EUR", "the report currency is missing")
	}
	if err := cmp.Or(c.checkValues(d), c.checkTogether(d)); err != nil {
		return err
	}
	switch {
	case c.Strict && c.openRates() != "":
		return d.wrong(d.lines["strict_permissions"], "chmod o-r "+c.openRates(), "everybody on this machine can read %s", c.openRates())
	case !has(exports.Billing):
		return d.wrong(0, "name the export of invoice lines under billing", "there is no billing")
	case !has(exports.SupportHours):
		return d.wrong(0, "name the export of hours under support_hours", "there are no support hours")
	case !has(exports.Rates):
		return d.wrong(0, "write for example rates: [{role: support, hourly_cost: 60.00}]", "there are no rates")
	}
	return nil
}

// checkValues holds settings to the range in which they mean something.
func (c *configuration) checkValues(d *document) error {
	switch {
	case c.Months < 1 || c.Months > 120:
		return d.wrong(d.lines["window_months"], "", "window_months is %d, and may be 1 to 120", c.Months)
	case c.Heartbeat.check() != nil:
		return d.wrong(d.lines["heartbeat.url"], "", "heartbeat.url: %w", c.Heartbeat.check())
	case c.Worth.Target >= measure.Million:
		return d.wrong(d.lines["target_margin"], "", "target_margin must be below 100%%: it is a share of revenue")
	case atLeastAll(c.Worth.TargetBySegment) != "":
		return d.wrong(d.lines["target_margin_by_segment"], "", "the target margin of %s must be below 100%%: it is a share of revenue", atLeastAll(c.Worth.TargetBySegment))
	case c.Worth.Baseline.Practical == 0 || c.Worth.Baseline.Practical > measure.Million:
		return d.wrong(d.lines["practical_capacity"], "", "practical_capacity must be above 0 and at most 100%%: it is a share of the paid hours")
	case c.Worth.Confide == 0 || c.Worth.Confide >= measure.Million:
		return d.wrong(d.lines["confidence"], "", "confidence must be above 0%% and below 100%%: it is a share of cases")
	case c.moreThanAll() != "":
		return d.wrong(d.lines[c.moreThanAll()], "", "%s must be at most 100%%: it is a share of a cost", c.moreThanAll())
	case min(c.Workbook.Members, c.Workbook.Inflated, c.Workbook.Ratio, c.Workbook.Depth, c.Workbook.Columns) == 0:
		return d.wrong(0, "", "limits.workbook must be above 0")
	}
	return nil
}

// checkTogether refuses settings that contradict each other.
func (c *configuration) checkTogether(d *document) error {
	switch {
	case d.lines["min_months"] > 0 && c.Worth.MinMonths > c.Months:
		return d.wrong(d.lines["min_months"], "", "min_months is %d and window_months %d: no client could ever be judged", c.Worth.MinMonths, c.Months)
	case contradicts(c.Freshness):
		return d.wrong(d.lines["freshness.error"], "", "freshness: %s", noWarning)
	case d.lines["limits.small_month.warn"] > 0 && c.Limits.SmallMonth.Error > c.Limits.SmallMonth.Warn:
		return d.wrong(d.lines["limits.small_month.error"], "", "limits.small_month: %s", noWarning)
	}
	return nil
}

// noWarning is what is wrong with bounds of which the one that stops comes first.
const noWarning = "error would be reached before warn"

// contradicts reports whether a bound that warns lies behind the one that stops.
func contradicts(f exports.Freshness) bool { return f.Error > 0 && f.Warn > f.Error }

// moreThanAll returns a setting by which more of a cost ends than there is.
func (c *configuration) moreThanAll() string {
	for _, s := range c.settings() {
		if !strings.HasPrefix(s.key, "avoidable.") {
			continue
		}
		switch share := s.target.(type) {
		case *measure.Share:
			if *share > measure.Million {
				return s.key
			}
		case *map[string]measure.Share:
			for _, one := range *share {
				if one > measure.Million {
					return s.key
				}
			}
		}
	}
	return ""
}

// atLeastAll returns a name whose share is 100 % or more.
func atLeastAll(shares map[string]measure.Share) string {
	for _, name := range sortedKeys(shares) {
		if shares[name] >= measure.Million {
			return name
		}
	}
	return ""
}

// openRates returns a file of rates that everybody on the machine can read: what
// people cost is nobody else's business.
func (c *configuration) openRates() string {
	for _, s := range c.Sources {
		if s.Input != exports.Rates || s.Inline != nil {
			continue
		}
		for _, file := range s.Files {
			path := file
			if !filepath.IsAbs(path) {
				path = filepath.Join(c.Folder, path)
			}
			if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o004 != 0 {
				return file
			}
		}
	}
	return ""
}

// effective writes every setting in force, and the sources as they are named, as
// JSON. It holds no folder of this machine.
func (c *configuration) effective() json.RawMessage {
	var inEffect struct {
		Settings map[string]string `json:"settings"`
		Sources  []sourceInForce   `json:"sources"`
	}
	inEffect.Settings = c.inForce()
	for _, s := range c.Sources {
		zone := ""
		if s.Zone != nil {
			zone = s.Zone.String()
		}
		s.Files, s.Folder, s.Currency, s.Zone, s.Home = nil, "", "", nil, nil
		inEffect.Sources = append(inEffect.Sources, sourceInForce{s, zone, s.Until.String()})
	}
	text, err := json.Marshal(inEffect)
	if err != nil {
		panic(err) // plain data
	}
	return text
}

// inForce are the settings that a report is made with.
func (c *configuration) inForce() map[string]string {
	values := map[string]string{}
	for _, s := range c.settings() {
		if !c.aside(s.target) {
			values[s.key] = inForce(s.target)
		}
	}
	return values
}

// aside reports whether a setting is no part of a report: where it lies, how long,
// and who watches.
func (c *configuration) aside(target any) bool {
	return slices.Contains([]any{&c.Output, &c.Heartbeat.URL, &c.Heartbeat.File, &c.RetentionDays}, target)
}

// sourceInForce is a source without the places where its files lie.
type sourceInForce struct {
	exports.Source
	Zone  string
	Until string
}

// digest identifies the configuration in force.
func (c *configuration) digest() string {
	sum := sha256.Sum256(c.effective())
	return hex.EncodeToString(sum[:])
}

package facts

import "clientworth/pipeline/finding"

// Rules are what gathering finds wrong or doubtful.
var Rules = []*finding.Rule{
	ruleNoClient, ruleUnknownClient, ruleAmbiguousClient, ruleLooseID, ruleOtherName, ruleLookalike, ruleBilledInternally,
	ruleEmptyHours, ruleEmptyRole, ruleEmptyTicket, ruleNegativeHours, ruleUntracked, ruleLongDay, ruleFarAfter,
	ruleHalfService, ruleBackwardService, ruleUnknownWord, ruleUnknownCause, ruleCreditSigns, ruleProductsTogether,
	ruleLifetime, ruleUnknownDocument, ruleSameFile, ruleCorrected, ruleEqualRows,
}

var (
	ruleNoClient = &finding.Rule{
		Name: "no-client", Effect: finding.Unmapped, Names: true,
		Sentence: "rows name no client",
		Remedy:   "fill in the client where the export comes from; until then the rows count as Unmapped",
	}
	ruleUnknownClient = &finding.Rule{
		Name: "unknown-client", Effect: finding.Unmapped, Names: true,
		Sentence: "no client has this id or name",
		Remedy:   "add the name to the aliases of its client in the clients file, or to internal_names if it is our own",
	}
	ruleAmbiguousClient = &finding.Rule{
		Name: "ambiguous-client", Effect: finding.Unmapped, Names: true,
		Sentence: "more than one client has this name",
		Remedy:   "give the client's id in the export, or make the names in the clients file differ",
	}
	ruleLooseID = &finding.Rule{
		Name: "loose-id", Effect: finding.Note, Names: true,
		Sentence: "an id was found without its leading zeros or with a spreadsheet's .0",
		Remedy:   "export ids as text",
	}
	ruleOtherName = &finding.Rule{
		Name: "other-name", Effect: finding.Note, Names: true,
		Sentence: "an id stands beside the name of another client; the id counts",
		Remedy:   "correct the id or the name in the export; of clients that merged, list the old id among the aliases, too",
	}
	ruleLookalike = &finding.Rule{
		Name: "lookalike-name", Effect: finding.Note, Names: true,
		Sentence: "a name looks like another one but has letters of another script or other accents",
		Remedy:   "write the name one way, or add it to the aliases of its client",
	}
	ruleBilledInternally = &finding.Rule{
		Name: "billed-internally", Effect: finding.Note, Names: true,
		Sentence: "our own company was billed; that is no revenue",
		Remedy:   "take the name out of internal_names if it is a client",
	}
	ruleEmptyHours = &finding.Rule{
		Name: "no-hours", Effect: finding.SetAside,
		Sentence: "the row has neither hours nor an activity",
		Remedy:   "fill in the hours where the export comes from",
	}
	ruleEmptyRole = &finding.Rule{
		Name: "no-role", Effect: finding.SetAside,
		Sentence: "the row has no role, and the rates know several",
		Remedy:   "fill in the role, or set columns: role: {value: ...}",
	}
	ruleEmptyTicket = &finding.Rule{
		Name: "no-ticket", Effect: finding.SetAside,
		Sentence: "hours are totals per ticket, and the row names none; what of them is new cannot be known",
		Remedy:   "fill in the ticket where the export comes from",
	}
	ruleNegativeHours = &finding.Rule{
		Name: "negative-hours", Effect: finding.Note,
		Sentence: "hours are negative; they count as a correction",
		Remedy:   "check the entry where the export comes from",
	}
	ruleUntracked = &finding.Rule{
		Name: "untracked-ticket", Effect: finding.Note,
		Sentence: "no time was tracked on a ticket; it counts as no hours",
		Remedy:   "nothing, if no time was spent on it",
	}
	ruleFarAfter = &finding.Rule{
		Name: "far-future", Effect: finding.Note,
		Sentence: "a row is dated more than a year after the period; it does not count yet",
		Remedy:   "correct the date where the export comes from",
	}
	ruleLongDay = &finding.Rule{
		Name: "long-day", Effect: finding.Note,
		Sentence: "one person worked more than 24 hours on a day",
		Remedy:   "correct the entries where the export comes from; hours_unit: says what a bare number counts",
	}
	ruleHalfService = &finding.Rule{
		Name: "half-service-period", Effect: finding.Note,
		Sentence: "the service period lacks its start or its end; the line counts in the month of its document",
		Remedy:   "fill in both, or give the product service_months",
	}
	ruleBackwardService = &finding.Rule{
		Name: "backward-service-period", Effect: finding.Note,
		Sentence: "the service period ends before it starts; the line counts in the month of its document",
		Remedy:   "correct the period where the export comes from",
	}
	ruleUnknownWord = &finding.Rule{
		Name: "unknown-word", Effect: finding.Note, Names: true,
		Sentence: "kinds or states of lines are not known; the lines count as sold",
		Remedy:   "say what they are in columns: kind and status, by map: {invoice: [...], credit note: [...], no revenue: [...]}",
	}
	ruleUnknownCause = &finding.Rule{
		Name: "unknown-cause", Effect: finding.Note, Names: true,
		Sentence: "causes are not known; none of them counts as our own error",
		Remedy:   "say what they are in columns: cause, by map: {own_error: [...], other: [...]}",
	}
	ruleCreditSigns = &finding.Rule{
		Name: "credit-signs", Effect: finding.Note,
		Sentence: "the file has credit notes of both signs; each counts with its own",
		Remedy:   "check whether the positive ones reverse a credit",
	}
	ruleProductsTogether = &finding.Rule{
		Name: "products-together", Effect: finding.Note,
		Sentence: "too many products to keep apart; revenue is kept by client and month",
		Remedy:   "map product to a column with fewer values, such as a product group",
	}
	ruleLifetime = &finding.Rule{
		Name: "lifetime-hours", Effect: finding.Note,
		Sentence: "hours are totals per ticket: those of the first export fall on its dates, later ones as differences",
		Remedy:   "add an earlier export, or use one with single entries",
	}
	ruleUnknownDocument = &finding.Rule{
		Name: "unknown-document", Effect: finding.Note,
		Sentence: "a credit note corrects a document that the export does not have; it counts in its own month",
		Remedy:   "export the months of that document too",
	}
	ruleSameFile = &finding.Rule{
		Name: "same-file", Effect: finding.Note,
		Sentence: "a file stands in the folder twice, under two names; its entries count once",
		Remedy:   "delete one of them",
	}
	ruleCorrected = &finding.Rule{
		Name: "corrected-entry", Effect: finding.Note,
		Sentence: "a later export has another version of the entry; that one counts",
		Remedy:   "nothing, if the correction was meant",
	}
	ruleEqualRows = &finding.Rule{
		Name: "equal-rows", Effect: finding.Note,
		Sentence: "rows stand in the file twice with equal values; all of them count",
		Remedy:   "nothing, if both were meant; else delete one where the export comes from, or map an id of the entries",
	}
)

package briefings_test

import (
	"testing"
	"time"

	"griot/briefings"
)

func TestReadPeriod(t *testing.T) {
	t.Parallel()
	// A Tuesday, shortly after midnight in Paris, still Monday evening in New York.
	now := time.Date(2026, 3, 9, 23, 30, 0, 0, time.UTC)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]string{
		"2024": "2024-01-01 2024-12-31", "2024-09": "2024-09-01 2024-09-30", "2024-02": "2024-02-01 2024-02-29",
		"2024-09-17": "2024-09-17 2024-09-17", "2024-9-7": "2024-09-07 2024-09-07", "2024/09/17": "2024-09-17 2024-09-17",
		"17/09/2024": "2024-09-17 2024-09-17", "17.09.2024": "2024-09-17 2024-09-17", "09/2024": "2024-09-01 2024-09-30",
		"today": "2026-03-10 2026-03-10", "aujourd’hui": "2026-03-10 2026-03-10", "aujourd'hui": "2026-03-10 2026-03-10",
		"yesterday": "2026-03-09 2026-03-09", "Hier": "2026-03-09 2026-03-09", "avant-hier": "2026-03-08 2026-03-08",
		"this week": "2026-03-09 2026-03-15", "cette semaine": "2026-03-09 2026-03-15",
		"last week": "2026-03-02 2026-03-08", "la semaine dernière": "2026-03-02 2026-03-08", "semaine passée": "2026-03-02 2026-03-08",
		"this month": "2026-03-01 2026-03-31", "ce mois-ci": "2026-03-01 2026-03-31",
		"last month": "2026-02-01 2026-02-28", "mois dernier": "2026-02-01 2026-02-28", "le mois dernier": "2026-02-01 2026-02-28",
		"this year": "2026-01-01 2026-12-31", "cette année": "2026-01-01 2026-12-31",
		"last year": "2025-01-01 2025-12-31", "l’année dernière": "2025-01-01 2025-12-31", "l'an dernier": "2025-01-01 2025-12-31",
		"September 2024": "2024-09-01 2024-09-30", "septembre 2024": "2024-09-01 2024-09-30", "sept. 2024": "2024-09-01 2024-09-30",
		"février 2024": "2024-02-01 2024-02-29", "fevrier 2024": "2024-02-01 2024-02-29",
		"17 September 2024": "2024-09-17 2024-09-17", "September 17, 2024": "2024-09-17 2024-09-17", "17th of September 2024": "2024-09-17 2024-09-17",
		"1er mai 2026": "2026-05-01 2026-05-01", "le 17 septembre 2024": "2024-09-17 2024-09-17",
		"march": "2026-03-01 2026-03-31", "avril": "2025-04-01 2025-04-30", "17 mars": "2025-03-17 2025-03-17",
		"since last month": "2026-02-01 2026-02-28", "since 2024": "2024-01-01 2024-12-31", "depuis mars 2025": "2025-03-01 2025-03-31",
		"à partir de 2024": "2024-01-01 2024-12-31", "depuis le mois dernier": "2026-02-01 2026-02-28",
		"last 7 days": "2026-03-03 2026-03-10", "7 derniers jours": "2026-03-03 2026-03-10", "les 7 derniers jours": "2026-03-03 2026-03-10",
		"3 days ago": "2026-03-07 2026-03-07", "il y a 3 jours": "2026-03-07 2026-03-07", "2 months ago": "2026-01-01 2026-01-31",
		"last 3 months": "2025-12-10 2026-03-10", "2 ans": "2024-03-10 2026-03-10",
		"tomorrow": "2026-03-11 2026-03-11", "demain": "2026-03-11 2026-03-11",
		"next week": "2026-03-16 2026-03-22", "la semaine prochaine": "2026-03-16 2026-03-22", "le mois prochain": "2026-04-01 2026-04-30",
		"next year": "2027-01-01 2027-12-31", "l’année prochaine": "2027-01-01 2027-12-31",
		"mid-2026": "2026-06-01 2026-08-31", "début 2025": "2025-01-01 2025-04-30", "late 2023": "2023-09-01 2023-12-31",
		"début mars 2024": "2024-03-01 2024-03-31", "mid April 2024": "2024-04-01 2024-04-30",
		// Not dates, or dates that are not.
		"": "", "mali": "", "2024-13": "", "2024-02-30": "", "31 juin 2024": "", "jui": "", "0": "", "99999": "", "from": "",
		"32 mars 2024": "", "yesterday morning": "", "9999999999999999999 days ago": "", "-5": "",
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			p := briefings.ReadPeriod(said, "", briefings.DateOf(now.In(paris)))
			got := ""
			if !p.IsZero() {
				got = p.First.String() + " " + p.Last.String()
			}
			if got != want {
				t.Errorf("%q is %q, want %q", said, got, want)
			}
		})
	}
}

func TestReadPeriodMindsTheReader(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 9, 23, 30, 0, 0, time.UTC)
	if got := briefings.ReadPeriod("today", briefings.EN, briefings.DateOf(now)).First.String(); got != "2026-03-09" {
		t.Errorf("today in UTC is %s", got)
	}
	if p := briefings.ReadPeriod("05/04/2024", briefings.EN, briefings.DateOf(now)); !p.IsZero() {
		t.Errorf("05/04/2024 in English is %v, want a question: it may be May or April", p)
	}
	if got := briefings.ReadPeriod("05/04/2024", briefings.FR, briefings.DateOf(now)).First.String(); got != "2024-04-05" {
		t.Errorf("05/04/2024 in French is %s", got)
	}
}

func FuzzReadPeriod(f *testing.F) {
	f.Add("last 3 months", int64(1773000000))
	f.Add("30 février", int64(0))
	f.Fuzz(func(t *testing.T, s string, at int64) {
		p := briefings.ReadPeriod(s, "", briefings.DateOf(time.Unix(at%(1<<36), 0).UTC()))
		if !p.IsZero() && (p.First.Compare(p.Last) > 0 || p.First.Day == 0 || p.Last.Day == 0) {
			t.Errorf("%q is %v to %v", s, p.First, p.Last)
		}
	})
}

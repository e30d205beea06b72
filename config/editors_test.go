package config_test

import (
	"errors"
	"testing"
	"time"

	"griot/config"
)

// TestEditorsPlace: it is read as every place is written, and needs a bot there.
// Where there is one, content that looks wrong waits, unless the operator says otherwise.
func TestEditorsPlace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		place, hold string
		want        config.Place
		holds       bool
	}{
		{"", "", config.Place{}, false},
		{"", "on", config.Place{}, true},
		{"discord:610000000000000000", "", config.Place{Platform: "discord", Chat: "610000000000000000"}, true},
		{"discord:61/62", "auto", config.Place{Platform: "discord", Chat: "61", Thread: "62"}, true},
		{"telegram:-1001234567890/7", "", config.Place{Platform: "telegram", Chat: "-1001234567890", Thread: "7"}, true},
		{"telegram:42", "off", config.Place{Platform: "telegram", Chat: "42"}, false},
	} {
		c, err := config.Load(file(t, "griot.yaml", ""), env("GRIOT_EDITORS", tc.place, "GRIOT_CONTENT_HOLD", tc.hold, "GRIOT_DISCORD_TOKEN", "x", "GRIOT_TELEGRAM_TOKEN", "1:x"))
		if err != nil || c.Editors != tc.want || c.HoldsContent() != tc.holds || c.DoubtsContent() != (tc.hold != "off") {
			t.Errorf("%q, %q: %+v, holds %v, %v", tc.place, tc.hold, c.Editors, c.HoldsContent(), err)
		}
	}
	for _, tc := range []struct {
		editors, first string
		want           time.Duration
		fault          string
	}{
		{"", "", 0, ""},
		{"", "off", 0, ""},
		{"discord:61", "10m", 10 * time.Minute, ""},
		{"discord:61", "2h", 2 * time.Hour, ""},
		{"", "10m", 10 * time.Minute, "editors_first"},
		{"discord:61", "10s", 0, "editors_first"},
		{"discord:61", "soon", 0, "editors_first"},
		{"discord:61", "12h", 12 * time.Hour, "editors_first"},
	} {
		c, err := config.Load(file(t, "griot.yaml", ""), env("GRIOT_EDITORS", tc.editors, "GRIOT_EDITORS_FIRST", tc.first, "GRIOT_DISCORD_TOKEN", "x"))
		faults, _ := errors.AsType[config.Faults](err)
		if c.EditorsFirst != tc.want || (tc.fault != "") != (len(faults) == 1 && faults[0].Key == tc.fault && faults[0].Cure != "") {
			t.Errorf("%q, %q: first by %s, %v", tc.editors, tc.first, c.EditorsFirst, err)
		}
	}
	for _, place := range []string{"discord", "discord:", "discord:-61", "discord:61/", "telegram:@editors", "terminal:1", "telegram:42", "https://discord.com/channels/1/2"} {
		_, err := config.Load(file(t, "griot.yaml", ""), env("GRIOT_EDITORS", place, "GRIOT_DISCORD_TOKEN", "x"))
		faults, _ := errors.AsType[config.Faults](err)
		if len(faults) != 1 || faults[0].Key != "editors" || faults[0].Cure == "" {
			t.Errorf("%q: %v, want one fault of it with a cure", place, err)
		}
	}
}

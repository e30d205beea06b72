package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"griot/config"
)

func TestNoSecretReachesTheLog(t *testing.T) {
	t.Parallel()
	const discord, telegram = "MTA.SECRET-discord.x", "123456:SECRET-telegram"
	var out bytes.Buffer
	s := newScrubber(&out)
	s.hide(config.Config{
		Discord:  config.Discord{Token: config.NewSecret(discord)},
		Telegram: config.Telegram{Token: config.NewSecret(telegram)},
	})
	network := &url.Error{Op: "Post", URL: "http://127.0.0.1:1/bot" + telegram + "/sendMessage", Err: errors.New("refused")}
	log := newLog(s, slog.LevelDebug)
	log.Error("call", "err", network, "token", discord)
	log.Debug(discord, "header", "Bot "+discord)
	report(s, errors.Join(network, fmt.Errorf("identify with %s", discord)))
	report(s, fmt.Errorf("another bot's address: /bot999:SECRET_other-one/getMe"))
	if strings.Contains(out.String(), "SECRET") {
		t.Errorf("a secret shows:\n%s", out.String())
	}
	if !strings.Contains(out.String(), "refused") {
		t.Errorf("the error itself is gone:\n%s", out.String())
	}
}

func TestScrubberReportsItsInputsLength(t *testing.T) {
	t.Parallel()
	s := newScrubber(new(bytes.Buffer))
	in := []byte("GET /bot1:SECRET/getMe\n")
	if n, err := s.Write(in); n != len(in) || err != nil {
		t.Errorf("wrote %d, %v, want %d: writers must not come up short", n, err, len(in))
	}
}

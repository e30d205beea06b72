package discord

import (
	"context"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

// BenchmarkAnswer measures from a slash command to its answer at the fake, and
// the same for the barest bot there is on discordgo, in one run: the figures
// are ratios, "p50-x-bare" of the time and "cpu-x-bare" of the processor time,
// the fake's own share included in both.
func BenchmarkAnswer(b *testing.B) {
	ours, bare := discordtest.New(b), discordtest.New(b)
	runOurs(b, ours)
	runBare(b, bare)
	var took [2][]time.Duration
	var cpu [2]time.Duration
	ask := func(who int, d *discordtest.Server) {
		before, start := processor(b), time.Now()
		d.Slash(discordtest.Ask{Command: "lake"}).Answer()
		took[who] = append(took[who], time.Since(start))
		cpu[who] += processor(b) - before
	}
	for range 50 { // warm up
		ask(0, ours)
		ask(1, bare)
	}
	took, cpu = [2][]time.Duration{}, [2]time.Duration{}
	for b.Loop() {
		ask(0, ours)
		ask(1, bare)
	}
	for i := range took {
		slices.Sort(took[i])
	}
	n := len(took[0]) / 2
	b.ReportMetric(float64(took[0][n])/float64(took[1][n]), "p50-x-bare")
	b.ReportMetric(float64(cpu[0])/float64(cpu[1]), "cpu-x-bare")
	b.ReportMetric(float64(took[0][n].Microseconds()), "p50-µs")
}

func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func runOurs(b *testing.B, d *discordtest.Server) {
	a, err := New(Options{Token: d.Token(), APIURL: d.URL()})
	if err != nil {
		b.Fatal(err)
	}
	core := ready{adaptertest.Replies()[0].Reply}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, core) }()
	b.Cleanup(func() { cancel(); <-done })
	d.WaitReady()
	d.WaitCalls("GET", "/applications/"+discordtest.AppID, 1)
}

// runBare runs a bot that answers with the same text as one embed.
func runBare(b *testing.B, d *discordtest.Server) {
	r, err := newRest(d.Token(), d.URL(), nil)
	if err != nil {
		b.Fatal(err)
	}
	s, err := discordgo.New("Bot " + d.Token())
	if err != nil {
		b.Fatal(err)
	}
	s.Client, s.StateEnabled, s.Identify.Intents = r.session.Client, false, 0
	text := strings.Repeat("The ferry sails. ", 40)
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Embeds: []*discordgo.MessageEmbed{{Title: "Lake", Description: text}}, AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}},
		})
	})
	if err := s.Open(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	d.WaitReady()
}

// ready has one answer, a real one in size.
type ready struct{ reply commands.Reply }

func (ready) Table() commands.Table { return nil }

func (r ready) Answer(context.Context, commands.Request) commands.Reply { return r.reply }

func (ready) Complete(context.Context, commands.Request, string, string) []commands.Choice {
	return nil
}

func (ready) Suggest(context.Context, commands.Request, string, int, int) []commands.Suggestion {
	return nil
}

func (ready) Settle(_ context.Context, r commands.Request, _ string) commands.Request { return r }

// BenchmarkRender measures the layout of an ordinary briefing.
func BenchmarkRender(b *testing.B) {
	r := adaptertest.Replies()[0].Reply
	for b.Loop() {
		if _, err := render(r); err != nil {
			b.Fatal(err)
		}
	}
}

package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/delivery"
	"griot/bot/store"
	"griot/bot/store/storetest"
	"griot/briefings"
	"griot/commands"
)

// crowd is how many places a broadcast goes to.
const crowd = 4000

// BenchmarkBroadcast sends one digest to 4,000 places of a fake platform with
// no limits, first by a plain loop of 16 workers that keeps nothing, then
// through the ledger, in one run. x-bare is the ratio of the two rates, the
// fake's own work included in both. The databases wait for the disk.
func BenchmarkBroadcast(b *testing.B) {
	for _, kind := range []string{"file", "postgres"} {
		for _, platform := range []commands.Platform{commands.Telegram, commands.Discord} {
			b.Run(kind+"/"+string(platform), func(b *testing.B) {
				for b.Loop() {
					bare, kept := broadcastBare(b, platform), broadcastKept(b, platform, kind)
					b.ReportMetric(kept, "msg/s")
					b.ReportMetric(bare, "bare-msg/s")
					b.ReportMetric(kept/bare, "x-bare")
				}
			})
		}
	}
}

// stage is a fake platform with a crowd, and the adapter to it.
func stage(b *testing.B, p commands.Platform) (ad adapter.Adapter, places []commands.Destination, last <-chan struct{}) {
	b.Helper()
	var left atomic.Int64
	left.Store(crowd)
	done := make(chan struct{})
	arrived := func() {
		if left.Add(-1) == 0 {
			close(done)
		}
	}
	var err error
	if p == commands.Telegram {
		s := telegramtest.New(b)
		for i := range crowd {
			s.AddChat(telegramtest.Chat{ID: int64(1000 + i), Type: "private"})
			places = append(places, commands.Destination{Platform: p, Chat: strconv.Itoa(1000 + i)})
		}
		s.OnSend(arrived)
		ad, err = telegram.New(telegram.Options{Token: telegramtest.Token, APIURL: s.URL()})
	} else {
		s := discordtest.New(b)
		for i := range crowd {
			id := strconv.Itoa(610000000000000000 + i)
			s.AddChannel(id, discordtest.Guild)
			places = append(places, commands.Destination{Platform: p, Chat: id})
		}
		s.OnPost(arrived)
		ad, err = discord.New(discord.Options{Token: s.Token(), APIURL: s.URL()})
	}
	if err != nil {
		b.Fatal(err)
	}
	return ad, places, done
}

// aDigest is a reply of usual length.
func aDigest() commands.Reply {
	r := commands.Reply{Title: "Digest: Velmora"}
	for i := range 12 {
		r.Blocks = append(r.Blocks, commands.Block{Kind: commands.Paragraph, Spans: []commands.Span{
			{Kind: commands.Plain, Text: fmt.Sprintf("In the bay of number %d the fog was thick in spring, and no boat went out before noon.", i)},
		}})
	}
	return r
}

// broadcastBare returns the messages a second of a plain loop.
func broadcastBare(b *testing.B, p commands.Platform) float64 {
	ad, places, last := stage(b, p)
	parts, err := ad.Render(commands.Place{Destination: places[0], Private: true}, aDigest())
	if err != nil || len(parts) != 1 {
		b.Fatalf("%d parts, %v", len(parts), err)
	}
	jobs := make(chan commands.Destination)
	var all sync.WaitGroup
	begun := time.Now()
	for range workers {
		all.Go(func() {
			for to := range jobs {
				if _, err := ad.Send(b.Context(), to, parts[0], "n"); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for _, to := range places {
		jobs <- to
	}
	close(jobs)
	<-last
	took := time.Since(begun)
	all.Wait()
	return crowd / took.Seconds()
}

// broadcastKept returns the messages a second through the ledger, from the
// start of the planner on.
func broadcastKept(b *testing.B, p commands.Platform, kind string) float64 {
	ad, places, last := stage(b, p)
	st, err := store.Open(b.Context(), durable(b, kind), nil)
	if err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	due := now.Truncate(time.Minute).Add(-time.Minute).UTC()
	var wanted []store.Wanted
	for _, to := range places {
		wanted = append(wanted, store.Wanted{
			Subscription: commands.Subscription{
				To: to, Topics: []string{"velmora"}, Schedule: commands.Schedule("daily " + clockTime(due)), Zone: "UTC", Lang: briefings.EN, WhenQuiet: "skip", Next: due,
			},
			PlanAt: func(slot time.Time) time.Time { return slot },
		})
	}
	if _, err := st.Import(b.Context(), wanted, now); err != nil {
		b.Fatal(err)
	}
	s := delivery.New(delivery.Options{
		Store: st, Adapters: map[commands.Platform]adapter.Adapter{p: ad},
		Digest: func(context.Context, commands.Subscription, commands.Window, time.Time) (commands.Reply, error) {
			return aDigest(), nil
		},
	})
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	begun := time.Now()
	go func() { ended <- s.Run(ctx) }()
	<-last
	took := time.Since(begun)
	stop()
	if err := <-ended; err != nil {
		b.Error(err)
	}
	if err := st.Close(); err != nil {
		b.Error(err)
	}
	return crowd / took.Seconds()
}

// durable is the address of an empty database that waits for the disk.
func durable(b *testing.B, kind string) string {
	b.Helper()
	if kind != "postgres" {
		return storetest.URL(b, kind)
	}
	c := storetest.NewCluster(b)
	c.WaitForDisk(b)
	return c.URL(b)
}

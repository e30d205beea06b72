package store

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"griot/briefings"
	"griot/commands"
)

// BenchmarkPosts keeps track of answers where a million messages are known, and
// finds and plans the ten thousand of them that show an item which is corrected.
func BenchmarkPosts(b *testing.B) {
	benches(b, func(b *testing.B, s *Store) {
		const million, target = 1_000_000, 10_000
		ctx, item := b.Context(), briefings.ID("event:target")
		see := func(hash string, corrected int) {
			if _, err := s.SeePack(ctx, Publish{Hash: hash, Name: "p", Revisions: map[briefings.ID]briefings.Revision{item: {Hash: hash, Corrected: corrected}}}, noon); err != nil {
				b.Fatal(err)
			}
		}
		see("a", 0)
		numbers := `WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i + 1 < ` + strconv.Itoa(million) + `) `
		for _, stmt := range []string{
			numbers + `INSERT INTO said (id, lang, request, made) SELECT 's' || i, 'en', '{}', 0 FROM i WHERE i < 100000`,
			numbers + `INSERT INTO said_item (said, item, n, first) SELECT 's' || (i / 5), 'event:' || (i % 300), 1, 1 FROM i WHERE i < 500000 AND i / 5 >= 0 ON CONFLICT DO NOTHING`,
			`INSERT INTO said_item (said, item, n, first) SELECT id, 'event:target', 1, 1 FROM said WHERE id IN ('s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9')`,
			numbers + `INSERT INTO post (platform, chat, thread, bundle, part, ref, kind, purpose, said, file, sent)
				SELECT 'telegram', '-' || i, '', 'run' || (i % 1000), 0, CAST(i AS text), 'telegram/shared', 'digest', 's' || (CASE WHEN i < ` + strconv.Itoa(target) + ` THEN i % 10 ELSE 10 + i % 99990 END), 0, 1 FROM i`,
		} {
			if _, err := s.write.ExecContext(ctx, stmt); err != nil {
				b.Fatal(err)
			}
		}
		if s.shared {
			if _, err := s.write.ExecContext(ctx, `ANALYZE`); err != nil {
				b.Fatal(err)
			}
		}
		b.Run("record", func(b *testing.B) {
			for i := range b.N {
				to := commands.Destination{Platform: commands.Telegram, Chat: "-7"}
				ref := fmt.Sprint("r", i)
				if err := s.Record(ctx, []Post{{To: to, Bundle: ref, Ref: ref, Kind: "telegram/shared", Purpose: Answer}}, Saying{Lang: "en", Request: "{}", Items: []SaidItem{{ID: item, Hash: "a"}}}, noon); err != nil {
					b.Fatal(err)
				}
			}
		})
		if _, err := s.Forget(ctx, commands.Destination{Platform: commands.Telegram, Chat: "-7"}); err != nil {
			b.Fatal(err)
		}
		corrected := 0
		b.Run("correct 10k", func(b *testing.B) {
			for range b.N {
				corrected++
				see(fmt.Sprint(corrected), corrected)
				planned := 0
				var finding time.Duration
				for {
					from := time.Now()
					list, err := s.Stale(ctx, []commands.Platform{commands.Telegram}, time.Time{}, 5000)
					finding += time.Since(from)
					if err != nil {
						b.Fatal(err)
					}
					if len(list) == 0 {
						break
					}
					for len(list) > 0 {
						n := 1
						for n < len(list) && list[n].Said == list[0].Said {
							n++
						}
						id := fmt.Sprint(corrected, list[0].Said, planned)
						e := Edits{
							Run: Run{ID: id, Key: FixKey(id), End: list[0].Seen}, Kind: list[0].Kind, Parts: []string{"{}"}, Expires: noon.Add(time.Hour),
							Says: Saying{Lang: "en", Request: "fixed", Items: []SaidItem{{ID: item, N: corrected + 1, First: 1}}}, Fixes: []SaidItem{{ID: item, N: corrected + 1}},
						}
						var owe []Owed
						for _, p := range list[:n] {
							owe = append(owe, Owed{To: p.To, Kind: p.Kind, Lang: "en", ID: item, N: corrected + 1, First: 1})
						}
						if err := s.AddEdits(ctx, e, list[:n], owe, noon); err != nil {
							b.Fatal(err)
						}
						planned, list = planned+n, list[n:]
					}
				}
				if planned < target-10 {
					b.Fatalf("%d messages planned, want %d", planned, target)
				}
				b.ReportMetric(float64(finding.Milliseconds()), "ms-finding")
			}
		})
		b.Run("nothing to correct", func(b *testing.B) {
			for range b.N {
				if list, err := s.Stale(ctx, []commands.Platform{commands.Telegram}, time.Time{}, 5000); err != nil || len(list) > 0 {
					b.Fatal(len(list), err)
				}
			}
		})
	})
}

package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTablesOfValues: statements read the rows they are given, whole and in
// order, on both engines, however many statements that takes.
func TestTablesOfValues(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		for _, n := range []int{0, 1, bulkRows, 2*bulkRows + 1} {
			var args []any
			var want, got []string
			for i := range n {
				state := []State{Planned, "", `{"a", NULL}`}[i%3]
				args = append(args, fmt.Sprint("ë,\\", i), state, int64(i)<<40, i, bit(i%2 == 0))
				want = append(want, fmt.Sprint("ë,\\", i, state, int64(i)<<40, i, bit(i%2 == 0)))
			}
			for v, some := range s.read.tables([]string{"text", "text", "bigint", "bigint", "smallint"}, args) {
				rows, err := s.read.QueryContext(t.Context(), `WITH v (a, b, c, d, e) AS (`+v+`) SELECT a, b, c, d, e FROM v`, some...)
				if err := each(rows, err, func() error {
					var a, b string
					var c, d, e int64
					err := rows.Scan(&a, &b, &c, &d, &e)
					got = append(got, fmt.Sprint(a, b, c, d, e))
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("read %d rows, want %d:\n%q\n%q", len(got), len(want), got, want)
			}
		}
	})
}

// TestPlansAreFoundByTheirKey: among very many that are due each is looked up,
// or planning costs the square of their number.
func TestPlansAreFoundByTheirKey(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, explain, want := t.Context(), `EXPLAIN QUERY PLAN `, `SEARCH subscription USING INDEX sqlite_autoindex_subscription_1 (id=?)`
		if s.shared {
			explain, want = `EXPLAIN `, `Index Scan using subscription_pkey on subscription`
		}
		var all []Wanted
		for i := range 4000 {
			all = append(all, Wanted{Subscription: testSub(fmt.Sprint(i)), PlanAt: func(time.Time) time.Time { return noon }})
		}
		if _, err := s.Import(ctx, all, noon); err != nil {
			t.Fatal(err)
		}
		var args []any
		for range bulkRows {
			args = append(args, "id", "telegram", "1", "", 0, 0, "", "", 0, 0, 0)
		}
		err := s.tx(ctx, func(tx conn) error {
			if err := tx.byKey(ctx); err != nil {
				return err
			}
			for v, args := range tx.tables(moveTypes, args) {
				rows, err := tx.QueryContext(ctx, explain+moveWith(v), args...)
				if err != nil {
					return err
				}
				columns, err := rows.Columns()
				if err != nil {
					return err
				}
				var plan []string
				if err := each(rows, nil, func() error {
					into := make([]any, len(columns))
					for i := range into {
						into[i] = new(string)
					}
					err := rows.Scan(into...)
					plan = append(plan, *into[len(into)-1].(*string))
					return err
				}); err != nil {
					return err
				}
				if got := strings.Join(plan, "\n"); !strings.Contains(got, want) || strings.Contains(strings.ToUpper(got), "SCAN ON SUBSCRIPTION") || strings.Contains(got, "SCAN subscription") {
					t.Errorf("planned so:\n%s", got)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestATornPlanHoldsUpNoOther: of the plans of one transaction, one that is no
// longer whole is left out, and nothing of it stays; the others go on.
func TestATornPlanHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		var plans []Plan
		for i := range 3 {
			plan := Plan{Run: "r", Kind: "k", Parts: 1, Expires: noon.Add(time.Hour)}
			for _, topic := range []string{"reef", "storm"} {
				sub := testSub(fmt.Sprint(i))
				sub.Topics = []string{topic}
				sub, _, err := s.AddSubscription(ctx, sub, noon)
				if err != nil {
					t.Fatal(err)
				}
				plan.To, plan.Subs = sub.To, append(plan.Subs, Step{ID: sub.ID, Due: sub.Next, Next: sub.Next.Add(time.Hour), PlanAt: sub.Next.Add(time.Hour)})
			}
			plans = append(plans, plan)
		}
		if _, err := s.PauseSubscription(ctx, plans[1].To, plans[1].Subs[1].ID); err != nil {
			t.Fatal(err)
		}
		if err := s.AddPlans(ctx, plans, noon); err != nil {
			t.Fatal(err)
		}
		var got []string
		list, err := s.Deliveries(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			got = append(got, d.To.Chat)
		}
		slices.Sort(got)
		if !slices.Equal(got, []string{plans[0].To.Chat, plans[2].To.Chat}) {
			t.Errorf("planned %v, want the first and the third", got)
		}
		subs, err := s.Subscriptions(ctx, plans[1].To)
		if err != nil || len(subs) != 2 || !subs[0].Next.Equal(plans[1].Subs[0].Due) {
			t.Errorf("%+v, %v; want the torn plan's subscriptions where they were", subs, err)
		}
	})
}

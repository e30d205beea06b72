package store

import (
	"context"
	"time"

	"griot/commands"
)

// keepPin keeps what the outcome of a delivery means for the pin it is for.
func keepPin(ctx context.Context, tx conn, d Delivery, o Outcome, now time.Time) error {
	switch {
	case d.Purpose == Pinning:
		return keepPinning(ctx, tx, d, o, now)
	case d.Purpose != PinText || o.State == Retry || o.State == Planned:
		return nil
	}
	mine := ` WHERE platform = ? AND chat = ? AND thread = ? AND open_run = ?`
	key := []any{d.To.Platform, d.To.Chat, d.To.Thread, d.Run}
	set := func(what string, args ...any) (bool, error) {
		r, err := tx.ExecContext(ctx, `UPDATE pin SET open_run = '', `+what+mine, append(args, key...)...)
		return affected(r, err, "keep the state of a pin")
	}
	switch {
	case o.State == Sent && d.Edits != "":
		_, err := set(`edited = ?, stopped = '', stopped_at = 0`, micro(now))
		return err
	case o.State == Sent:
		ok, err := set(`ref = ?, edited = ?, pinned = 0, unpinned = '', stopped = '', stopped_at = 0`, o.Ref, micro(now))
		if err != nil || !ok { // it was given up while it was being sent
			return err
		}
		_, err = tx.ExecContext(ctx, insertPinCall, d.Run, d.To.Platform, d.To.Chat, d.To.Thread, d.Part+1, d.Kind, Pinning, bit(d.Urgent), o.Ref, micro(now), micro(d.Expires), micro(now))
		return err
	case o.State == Dead && o.Cause == commands.StopLost:
		return losePin(ctx, tx, d, now)
	case o.State == Dead, o.State == Unknown:
		why := o.Cause
		if o.State == Unknown {
			why = commands.StopUnknown
		} else if why == "" {
			why = commands.StopRefused
		}
		_, err := set(`edited = ?, stopped = ?, stopped_at = CASE WHEN stopped_at = 0 THEN CAST(? AS bigint) ELSE stopped_at END`, micro(now), why, micro(now))
		return err
	}
	_, err := set(`tried = ''`) // expired or skipped: planned anew
	return err
}

// keepPinning keeps whether the message of a pin is pinned.
func keepPinning(ctx context.Context, tx conn, d Delivery, o Outcome, now time.Time) error {
	at, why := micro(now), ""
	switch {
	case o.State == Dead && o.Cause == commands.StopLost:
		return losePin(ctx, tx, d, now)
	case o.State == Dead, o.State == Unknown, o.State == Expired:
		at, why = 0, o.Cause
		if why == "" {
			why = commands.StopRefused
		}
	case o.State != Sent:
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE pin SET pinned = ?, unpinned = ? WHERE platform = ? AND chat = ? AND thread = ? AND ref = ?`,
		at, why, d.To.Platform, d.To.Chat, d.To.Thread, d.Edits)
	return err
}

// losePin notes that the message of a pin is gone. It is made anew once; then
// somebody has to say that it is wanted.
func losePin(ctx context.Context, tx conn, d Delivery, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE pin SET ref = '', open_run = '', tried = '', edited = 0, pinned = 0, unpinned = '', remade = 1,
		stopped = CASE WHEN remade = 1 THEN '`+commands.StopLost+`' ELSE '' END, stopped_at = CASE WHEN remade = 1 THEN CAST(? AS bigint) ELSE 0 END
		WHERE platform = ? AND chat = ? AND thread = ? AND ref = ?`, micro(now), d.To.Platform, d.To.Chat, d.To.Thread, d.Edits)
	return err
}

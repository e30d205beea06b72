package delivery

import (
	"context"
	"fmt"
	"time"

	"griot/bot/store"
	"griot/commands"
)

// noticeLife is how long a notice is tried for.
const noticeLife = 3 * 24 * time.Hour

// notices plans what readers are still to be told: that their digest stopped,
// or came to the chat because its thread is gone.
func (s *Service) notices(ctx context.Context) error {
	if s.Notice == nil {
		return nil
	}
	list, err := s.Store.Notices(ctx, s.platforms, 500)
	if err != nil {
		return err
	}
	for _, t := range list {
		if err := s.notice(ctx, t); err != nil {
			return fmt.Errorf("tell about digest %s: %w", t.Sub.ID, err)
		}
	}
	return nil
}

// notice plans one notice.
func (s *Service) notice(ctx context.Context, t store.ToldLater) error {
	now := s.Now()
	s.Log.Warn("a digest cannot arrive", "subscription", t.Sub.ID, "adapter", string(t.Sub.To.Platform), "notice", t.Notice, "cause", t.Sub.Stopped)
	to, kind := teller(t)
	var texts []string
	if to != (commands.Destination{}) {
		place := commands.Place{Destination: to, Private: kind == string(to.Platform)+"/private", Postable: true, Guild: t.Sub.Guild}
		what, cause := commands.NoticeStopped, t.Sub.Stopped
		if t.Notice == "thread" {
			what, cause = commands.NoticeThread, "thread"
		}
		parts, err := s.Adapters[to.Platform].Render(place, s.Notice(what, t.Sub, cause, t.Sub.Lang))
		if err != nil {
			s.Log.Error("notice cannot be laid out", "subscription", t.Sub.ID, "err", err)
		}
		if texts, err = written(parts); err != nil {
			return err
		}
	}
	r := newRun(fmt.Sprintf("notice|%s|%s|%d", t.Notice, t.Sub.ID, now.UnixMicro()), "", t.Sub.Zone, t.Sub.Lang, time.Time{})
	return s.Store.AddNotice(ctx, t, r, to, kind, texts, now.Add(noticeLife), now)
}

// teller is who can be told: the chat of a thread, else the person who asked
// for the digest; nobody when it was a private chat that is gone.
func teller(t store.ToldLater) (to commands.Destination, kind string) {
	sub := t.Sub
	switch {
	case t.Notice == "thread", sub.Stopped == "thread" && sub.To.Thread != "":
		sub.To.Thread = ""
		return sub.To, kindOf(sub)
	case sub.Owner != "" && !isPrivate(sub):
		return commands.Destination{Platform: sub.To.Platform, Chat: "user:" + sub.Owner}, string(sub.To.Platform) + "/private"
	}
	return commands.Destination{}, ""
}

package main

import (
	"context"
	"log/slog"

	"tring/phone"
)

// openLog returns the program's logger. It writes to a file and never to the
// screen, which belongs to the user interface.
func openLog(path, level string) (*slog.Logger, error) {
	file, err := openLogFile(path)
	if err != nil {
		return nil, err
	}
	var min slog.Level
	if err := min.UnmarshalText([]byte(level)); err != nil {
		return nil, err
	}
	return slog.New(maskNumbers{slog.NewTextHandler(file, &slog.HandlerOptions{Level: min})}), nil
}

// maskNumbers is a handler that hides telephone numbers in everything that is
// logged. Whoever logs should mask already; this is the net below.
type maskNumbers struct{ next slog.Handler }

func (h maskNumbers) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h maskNumbers) Handle(ctx context.Context, r slog.Record) error {
	masked := slog.NewRecord(r.Time, r.Level, phone.MaskText(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		masked.AddAttrs(maskAttr(a))
		return true
	})
	return h.next.Handle(ctx, masked)
}

func (h maskNumbers) WithAttrs(attrs []slog.Attr) slog.Handler {
	masked := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		masked[i] = maskAttr(a)
	}
	return maskNumbers{h.next.WithAttrs(masked)}
}

func (h maskNumbers) WithGroup(name string) slog.Handler {
	return maskNumbers{h.next.WithGroup(name)}
}

func maskAttr(a slog.Attr) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, phone.MaskText(v.String()))
	case slog.KindAny:
		return slog.String(a.Key, phone.MaskText(v.String()))
	case slog.KindGroup:
		group := v.Group()
		masked := make([]slog.Attr, len(group))
		for i, g := range group {
			masked[i] = maskAttr(g)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(masked...)}
	}
	return a
}

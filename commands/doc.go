// Package commands is what we say: it turns a [Request] into a [Reply]. Every
// command is a row of one table ([Core.Table]); help texts, Discord's
// registration and Telegram's menus are made from that table. A reply is plain
// data: no markup and no platform's limit appears in this package. A digest is
// a command on a timer: the scheduler asks for it here too.
package commands

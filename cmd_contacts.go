package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
)

func (a *app) contactsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "contacts [WORDS]", Short: "List the people you know", Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, words []string) error {
			return a.withArchive(cmd.Context(), func(ctx context.Context, from archive) error {
				list, err := from.Contacts(ctx)
				if err != nil {
					return err
				}
				return printContacts(cmd.OutOrStdout(), list, strings.ToLower(strings.Join(words, " ")), asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object per line")
	cmd.AddCommand(a.importCommand())
	return cmd
}

func printContacts(w io.Writer, list []phone.Contact, words string, asJSON bool) error {
	out, fits := json.NewEncoder(w), 0
	for _, c := range list {
		if !strings.Contains(strings.ToLower(c.Display()+" "+c.Number+" "+c.Note), words) {
			continue
		}
		fits++
		if asJSON {
			if err := out.Encode(c); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%-28s %-18s %s\n", c.Display(), c.Number, strings.Join(c.Tags, " "))
	}
	switch {
	case asJSON || fits > 0:
	case len(list) == 0:
		sayEmpty(w, "Nobody yet. Your contacts come with the link (`tring link`) or from a file (`tring contacts import FILE`).")
	default:
		sayEmpty(w, "Nobody fits; `tring contacts` shows everybody.")
	}
	return nil
}

// maxImport bounds a file of contacts, in bytes.
const maxImport = 64 << 20

func (a *app) importCommand() *cobra.Command {
	return &cobra.Command{
		Use: "import FILE", Short: "Take labels from a vCard or CSV file (name, number)", Args: cobra.ExactArgs(1),
		Long: "The names become your own labels; they stay on this computer. Existing labels are kept.",
		RunE: func(cmd *cobra.Command, words []string) error {
			people, err := readPeople(words[0])
			if err != nil {
				return usageError{fmt.Errorf("%s cannot be read: %w", words[0], err)}
			}
			added, refused, err := a.addPeople(cmd.Context(), people)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d people added, %d already known or without a readable number.\n", added, refused)
			return nil
		},
	}
}

func readPeople(path string) ([]phone.Card, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in := io.LimitReader(file, maxImport)
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".vcf" || ext == ".vcard" {
		return phone.ReadCards(in)
	}
	return readRows(in)
}

// readRows takes the first two fields of each row as name and number.
func readRows(r io.Reader) (people []phone.Card, err error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	for _, row := range rows {
		if len(row) >= 2 {
			people = append(people, phone.Card{Name: row[0], Number: row[1]})
		}
	}
	return people, err
}

// addPeople stores those that have a readable number and no label yet.
func (a *app) addPeople(ctx context.Context, people []phone.Card) (added, refused int, err error) {
	err = a.withArchive(ctx, func(ctx context.Context, to archive) error {
		known, err := labelled(ctx, to)
		if err != nil {
			return err
		}
		fresh := a.unlabelled(people, known)
		refused = len(people) - len(fresh)
		for some := range slices.Chunk(fresh, phone.MaxEdit) {
			if err := to.EditContacts(ctx, some); err != nil {
				return err
			}
			added += len(some)
		}
		return nil
	})
	return added, refused, err
}

// unlabelled are the people to store, each once, with what is known of them.
func (a *app) unlabelled(people []phone.Card, known map[string]phone.Contact) (fresh []phone.Contact) {
	for _, who := range people {
		reading := phone.ReadNumber(who.Number, a.cfg.HomeRegion, time.Now())
		c, label := known[reading.E164], phone.CleanName(who.Name)
		if reading.E164 == "" || label == "" || c.Label != "" {
			continue
		}
		c.Number, c.Label = reading.E164, label
		known[reading.E164] = c
		fresh = append(fresh, c)
	}
	return fresh
}

// labelled are the people that the phone knows, by number.
func labelled(ctx context.Context, from archive) (map[string]phone.Contact, error) {
	list, err := from.Contacts(ctx)
	known := map[string]phone.Contact{}
	for _, c := range list {
		if c.Number != "" {
			known[c.Number] = c
		}
	}
	return known, err
}

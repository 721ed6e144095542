package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// who is one word of "from": a number, a pattern, a list or a kind of person.
type who struct {
	word string
	is   func(Facts) bool
}

// compileWho reads one word of from or not_from.
func (b *builder) compileWho(word string) (who, error) {
	word = strings.TrimSpace(word)
	if kind, ok := people[word]; ok {
		return who{word, kind}, nil
	}
	head, rest, special := strings.Cut(word, ":")
	switch {
	case special && head == "country":
		return b.compileCountry(word, strings.ToUpper(rest))
	case special && head == "type":
		return compileType(word, rest)
	case special && head == "tag":
		return who{word, func(f Facts) bool { return slices.Contains(f.Tags, rest) }}, nil
	case special && head == "id": // somebody whose number the network hides
		return who{word, func(f Facts) bool { return rest != "" && (f.Party.LID == rest || f.Party.UserID == rest) }}, nil
	case strings.HasPrefix(word, "@"):
		return b.compileList(word)
	}
	return b.compileNumber(word)
}

// people are the words for kinds of callers.
var people = map[string]func(Facts) bool{
	"anyone":    func(Facts) bool { return true },
	"contact":   func(f Facts) bool { return f.Contact },
	"unknown":   func(f Facts) bool { return !f.Contact },
	"no-number": func(f Facts) bool { return f.Party.Number == "" },
}

func (b *builder) compileList(word string) (who, error) {
	list, ok := b.lists[strings.TrimPrefix(word, "@")]
	if !ok {
		return who{}, fmt.Errorf("there is no list %s; write [list.%s]", word, strings.TrimPrefix(word, "@"))
	}
	return who{word, list.has}, nil
}

func (b *builder) compileCountry(word, region string) (who, error) {
	if phonenumbers.GetCountryCodeForRegion(region) == 0 {
		return who{}, fmt.Errorf("%q is not a country such as country:DE", word)
	}
	return who{word, func(f Facts) bool { return f.number.region == region }}, nil
}

// numberTypes are the kinds of numbers that numbering plans tell apart.
var numberTypes = map[string][]phonenumbers.PhoneNumberType{
	"premium":  {phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST},
	"mobile":   {phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE},
	"fixed":    {phonenumbers.FIXED_LINE, phonenumbers.FIXED_LINE_OR_MOBILE},
	"tollfree": {phonenumbers.TOLL_FREE},
	"voip":     {phonenumbers.VOIP},
}

func compileType(word, name string) (who, error) {
	types, ok := numberTypes[name]
	if !ok {
		return who{}, fmt.Errorf("%q is not one of type:premium, mobile, fixed, tollfree, voip", word)
	}
	return who{word, func(f Facts) bool { return slices.Contains(types, f.number.kind) }}, nil
}

// compileNumber reads a number, or the beginning of numbers: "+49 30 *".
func (b *builder) compileNumber(word string) (who, error) {
	digits, err := b.numberPattern(word)
	if err != nil {
		return who{}, err
	}
	return who{word, func(f Facts) bool { return matchNumber(digits, f.Party.Number) }}, nil
}

// numberPattern brings a number to the form "+4930*", reading local ones by
// the file's country.
func (b *builder) numberPattern(word string) (string, error) {
	plain := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "").Replace(word)
	star := strings.HasSuffix(plain, "*")
	digits := strings.TrimSuffix(plain, "*")
	if star && strings.HasPrefix(digits, "+") && onlyDigits(digits[1:]) {
		return plain, nil
	}
	if star || digits == "" {
		return "", fmt.Errorf("cannot read the number %q (want \"+49 30 1234\" or \"+49 30 *\")", word)
	}
	n, err := phonenumbers.Parse(digits, b.country)
	if err != nil {
		return "", fmt.Errorf("%q is neither a number nor one of anyone, contact, unknown, no-number, @list, country:, type:, tag:, id:", word)
	}
	return phonenumbers.Format(n, phonenumbers.E164), nil
}

func onlyDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func matchNumber(pattern, number string) bool {
	if head, ok := strings.CutSuffix(pattern, "*"); ok {
		return number != "" && strings.HasPrefix(number, head)
	}
	return pattern == number
}

// matchPayload compares with a glob such as "sales*".
func matchPayload(pattern, payload string) bool {
	ok, err := path.Match(pattern, payload)
	return err == nil && ok
}

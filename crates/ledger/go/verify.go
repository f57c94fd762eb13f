// Verifies receipts and logs with the Go project's own code for signed notes and transparency logs: nothing of what
// made them is used here. Debian has that code as golang-golang-x-mod-dev.
//
//	verify receipt KEY RECEIPT...           one line per receipt, `ok` or why it is refused; fails if one is
//	verify log KEY FOLDER                   the published log as a whole, and whether its entries could follow each other
//	verify growth KEY OLD NEW PROOF         two checkpoints; the proof is one hash in base64 per line
//
// KEY is a file with the log's public key.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Go's decoder lets unused bits of the last character be anything, so that one signature has several spellings.
var strict = base64.StdEncoding.Strict()

type checkpoint struct {
	size int64
	root tlog.Hash
}

func open(text []byte, key string) (checkpoint, error) {
	var tree checkpoint
	verifier, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	for _, signature := range opened.Sigs {
		if _, err := strict.DecodeString(signature.Base64); err != nil {
			return tree, err
		}
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tree, errors.New("the checkpoint is not this log's")
	}
	tree.size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || lines[1] != strconv.FormatInt(tree.size, 10) {
		return tree, errors.New("the checkpoint has no size")
	}
	tree.root, err = hash(lines[2])
	return tree, err
}

func hash(text string) (tlog.Hash, error) {
	hash, err := tlog.ParseHash(text)
	if err == nil && hash.String() != text {
		err = errors.New("a hash is not written as it must be")
	}
	return hash, err
}

func hashes(texts []string) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, text := range texts {
		one, err := hash(text)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// The members of a receipt, in the order of canonical JSON.
var members = []string{"answer", "asked", "checkpoint", "entry", "index", "proof", "question", "receipt", "salt"}

// A receipt is canonical JSON as a whole, so the bytes of a member are the member's canonical form.
func split(file []byte) (map[string]json.RawMessage, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(file, &all); err != nil {
		return nil, err
	}
	var again bytes.Buffer
	for place, member := range members {
		before := ","
		if place == 0 {
			before = "{"
		}
		fmt.Fprintf(&again, "%s%q:%s", before, member, all[member])
	}
	again.WriteString("}\n")
	if len(all) != len(members) || !bytes.Equal(again.Bytes(), file) {
		return nil, errors.New("not written as receipts are")
	}
	return all, nil
}

func receipt(file []byte, key string) error {
	all, err := split(file)
	if err != nil {
		return err
	}
	var text, salt string
	var index int64
	var texts []string
	var entry struct{ Kind, Question, Answer, Agreement string }
	var question struct{ Kind, Agreement string }
	for member, into := range map[string]interface{}{
		"checkpoint": &text, "salt": &salt, "index": &index, "proof": &texts, "entry": &entry, "question": &question,
	} {
		if err := json.Unmarshal(all[member], into); err != nil {
			return err
		}
	}
	if string(all["receipt"]) != "1" {
		return errors.New("of another version")
	}
	tree, err := open([]byte(text), key)
	if err != nil {
		return err
	}
	proof, err := hashes(texts)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.size, tree.root, index, tlog.RecordHash(all["entry"])); err != nil {
		return err
	}
	asked := tlog.RecordHash(all["question"])
	if entry.Kind != "answer" || question.Kind != "question" ||
		entry.Question != hex.EncodeToString(asked[:]) || entry.Agreement != question.Agreement {
		return errors.New("the entry answers another question")
	}
	salted, err := strict.DecodeString(salt)
	if err != nil || len(salted) != 32 {
		return errors.New("the salt is none")
	}
	salted = append(salted, fmt.Sprintf("{\"answer\":%s,\"asked\":%s}", all["answer"], all["asked"])...)
	given := sha256.Sum256(salted)
	if entry.Answer != hex.EncodeToString(given[:]) {
		return errors.New("another answer was entered")
	}
	return nil
}

// The path of a bundle, as C2SP's tlog-tiles has it.
func bundle(index, width int64) string {
	number := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		number = fmt.Sprintf("x%03d/%s", index%1000, number)
	}
	if width < 256 {
		number += fmt.Sprintf(".p/%d", width)
	}
	return "tile/entries/" + number
}

// What an entry may say, whatever its kind.
type happened struct {
	Kind, Agreement, Project, Goal, Id, From, Until, By, Party, Decision, Question, Release string
	Zone                                                                                    *string
	Version                                                                                 int64
	Time, At                                                                                time.Time
}

// What one party said last, and whether that stops something.
type word struct {
	at    time.Time
	stops bool
}

func hear(said map[string]word, party string, one word) {
	known, there := said[party]
	if !there || one.at.After(known.at) || one.at.Equal(known.at) && one.stops {
		said[party] = one
	}
}

func free(said map[string]word) bool {
	for _, one := range said {
		if one.stops {
			return false
		}
	}
	return true
}

// The standing of a version of an agreement by the entries so far.
type standing struct {
	force                 *happened
	zone                  *time.Location
	ended, replaced       bool
	suspended, objections map[string]word
}

func (s *standing) allows(moment time.Time) bool {
	if s.force == nil || s.ended || s.replaced || !free(s.suspended) || !free(s.objections) {
		return false
	}
	day := moment.In(s.zone).Format("2006-01-02")
	return s.force.From <= day && day <= s.force.Until
}

// What the entries so far lead to.
type order struct {
	standings map[string]*standing
	waiting   map[string]int
	released  map[string]bool
	others    map[string]int
}

func (o *order) of(agreement string) *standing {
	if o.standings[agreement] == nil {
		o.standings[agreement] = &standing{suspended: map[string]word{}, objections: map[string]word{}}
	}
	return o.standings[agreement]
}

// Whether the agreement is in force at the moment of an entry, and no later version is.
func (o *order) inForce(one *happened) error {
	own := o.of(one.Agreement)
	if !own.allows(one.Time) {
		return errors.New("the agreement was not in force")
	}
	for _, other := range o.standings {
		later := other.force != nil && other.force.Id == own.force.Id && other.force.Version > own.force.Version
		if later && other.force.Zone != nil && other.allows(one.Time) {
			return errors.New("a later version was in force")
		}
	}
	return nil
}

func same(one, other *string) bool {
	return one == nil && other == nil || one != nil && other != nil && *one == *other
}

func (o *order) comesIntoForce(one *happened) error {
	own := o.of(one.Agreement)
	name := "UTC"
	if one.Zone != nil {
		name = *one.Zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil || zone.String() != name || name == "Local" || name == "" {
		zone, err = time.UTC, errors.New("in a zone that is not known")
	}
	if own.force == nil {
		own.force, own.zone = one, zone
	}
	first := own.force
	switch {
	case err != nil:
		return err
	case first.Id != one.Id || first.Version != one.Version || first.From != one.From || first.Until != one.Until || !same(first.Zone, one.Zone):
		return errors.New("it came into force before with another name, other days or another zone")
	case own.replaced:
		return errors.New("a version that was replaced comes into force")
	}
	return nil
}

func (o *order) isReplaced(one *happened) error {
	own, by := o.of(one.Agreement), o.standings[one.By]
	own.replaced = true
	later := by != nil && by.force != nil && by.force.Id == one.Id && by.force.Version > one.Version
	if !later || own.force != nil && (own.force.Id != one.Id || own.force.Version != one.Version) {
		return errors.New("replaced by what is no later version that came into force")
	}
	return nil
}

func (o *order) answered(one *happened) error {
	if o.waiting[one.Question] == 0 {
		return errors.New("an answer without a question")
	}
	o.waiting[one.Question]--
	if !o.released[one.Agreement+" "+one.Release] {
		return errors.New("an answer from a release that was not entered")
	}
	return o.inForce(one)
}

var known = map[string]bool{
	"agreement-in-force": true, "agreement-superseded": true, "agreement-suspended": true, "agreement-resumed": true,
	"agreement-ended": true, "consent": true, "data-release": true, "question": true, "answer": true, "refusal": true,
}

var kinds = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// Records an entry, and says what is wrong with it at this place; one of a kind that is not known is counted.
func (o *order) next(record []byte) error {
	var head struct {
		Kind, Agreement, Project, Goal string
		Time                           time.Time
	}
	if err := json.Unmarshal(record, &head); err != nil {
		return err
	}
	one := &happened{Kind: head.Kind, Agreement: head.Agreement, Project: head.Project, Goal: head.Goal, Time: head.Time}
	if known[head.Kind] {
		// what another kind says may be of any type
		if err := json.Unmarshal(record, one); err != nil {
			return err
		}
	}
	switch one.Kind {
	case "agreement-in-force":
		return o.comesIntoForce(one)
	case "agreement-superseded":
		return o.isReplaced(one)
	case "agreement-suspended", "agreement-resumed":
		hear(o.of(one.Agreement).suspended, one.Party, word{one.At, one.Kind == "agreement-suspended"})
	case "agreement-ended":
		o.of(one.Agreement).ended = true
	case "consent":
		hear(o.of(one.Agreement).objections, one.Party, word{one.At, one.Decision == "object"})
	case "data-release":
		o.released[one.Agreement+" "+one.Release] = true
		return o.inForce(one)
	case "question":
		leaf := tlog.RecordHash(record)
		o.waiting[hex.EncodeToString(leaf[:])]++
		return o.inForce(one)
	case "answer":
		return o.answered(one)
	case "refusal":
	default:
		about := one.Agreement != "" || one.Project != "" || one.Goal != ""
		if len(one.Kind) > 40 || !kinds.MatchString(one.Kind) || one.Time.IsZero() || !about {
			return errors.New("this is no entry")
		}
		o.others[one.Kind]++
	}
	return nil
}

// The entries of kinds that are not known, in words.
func (o *order) rest() string {
	var all []string
	for kind, count := range o.others {
		all = append(all, fmt.Sprintf("%s: %d", kind, count))
	}
	sort.Strings(all)
	if len(all) == 0 {
		return ""
	}
	return "; of kinds that are not known: " + strings.Join(all, ", ")
}

func log(folder, key string) (string, error) {
	entries := &order{map[string]*standing{}, map[string]int{}, map[string]bool{}, map[string]int{}}
	size, err := whole(folder, key, entries.next)
	return fmt.Sprintf("%d entries%s", size, entries.rest()), err
}

// Hands over each entry of a log that is in order, byte for byte.
func whole(folder, key string, each func([]byte) error) (int64, error) {
	text, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return 0, err
	}
	tree, err := open(text, key)
	if err != nil {
		return 0, err
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, place := range places {
			found = append(found, stored[place])
		}
		return found, nil
	})
	for first := int64(0); first < tree.size; first += 256 {
		width := tree.size - first
		if width > 256 {
			width = 256
		}
		rest, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(bundle(first/256, width))))
		if err != nil {
			return 0, err
		}
		for number := first; number < first+width; number++ {
			if len(rest) < 2 || len(rest) < 2+int(rest[0])<<8+int(rest[1]) {
				return 0, fmt.Errorf("entry %d is cut off", number)
			}
			end := 2 + int(rest[0])<<8 + int(rest[1])
			more, err := tlog.StoredHashes(number, rest[2:end], reader)
			if err != nil {
				return 0, err
			}
			if err := each(rest[2:end]); err != nil {
				return 0, fmt.Errorf("entry %d: %v", number, err)
			}
			stored, rest = append(stored, more...), rest[end:]
		}
		if len(rest) > 0 {
			return 0, fmt.Errorf("bytes after entry %d", first+width-1)
		}
	}
	root, err := tlog.TreeHash(tree.size, reader)
	if err == nil && root != tree.root {
		err = errors.New("the entries do not make the root that was signed")
	}
	return tree.size, err
}

func growth(old, now, proof []byte, key string) error {
	before, err := open(old, key)
	if err != nil {
		return err
	}
	after, err := open(now, key)
	if err != nil {
		return err
	}
	path, err := hashes(strings.Fields(string(proof)))
	if err != nil {
		return err
	}
	return tlog.CheckTree(path, after.size, after.root, before.size, before.root)
}

func read(path string) []byte {
	text, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return text
}

func say(what string, err error) bool {
	if err != nil {
		fmt.Printf("refused: %v\n", err)
		return false
	}
	fmt.Println("ok: " + what)
	return true
}

func main() {
	arguments := os.Args[1:]
	if len(arguments) < 3 {
		fmt.Fprintln(os.Stderr, "usage: verify receipt KEY RECEIPT... | log KEY FOLDER | growth KEY OLD NEW PROOF")
		os.Exit(2)
	}
	key, files, good := string(read(arguments[1])), arguments[2:], true
	switch {
	case arguments[0] == "receipt":
		for _, path := range files {
			good = say(path, receipt(read(path), key)) && good
		}
	case arguments[0] == "log" && len(files) == 1:
		said, err := log(files[0], key)
		good = say(said, err)
	case arguments[0] == "growth" && len(files) == 3:
		good = say("it grew", growth(read(files[0]), read(files[1]), read(files[2]), key))
	default:
		os.Exit(2)
	}
	if !good {
		os.Exit(1)
	}
}

package phone

// Store keeps what must survive: the log, contacts and events. NewMemory is
// the one for stories, OpenStore the one on disk.
type Store interface{}

# Reads reports of Go's race detector and prints those that are not between two
# places inside go.mau.fi (whatsmeow and its helpers); fails when there is one.
# The place is the first function of a stack that is not the runtime's.
/^(Previous )?([Rr]ead|[Ww]rite) at / || /^ *Previous (read|write) at / { looking = 1 }
looking && /^  [^ ]/ && $1 !~ /^(runtime|sync|internal|maps|slices|reflect)[.\/]/ {
	looking = 0
	if ($1 !~ /^go\.mau\.fi\//) ours = 1
}
{ report = report $0 "\n" }
/^==================$/ {
	if (ours) { printf "%s", report; bad = 1 }
	report = ""; ours = 0; looking = 0
}
END { exit bad }

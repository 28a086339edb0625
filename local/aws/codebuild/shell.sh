# Runs the commands of a build in one shell: $1 is the shell, $2 the folder of its state, $3 a line that no command prints.
# Descriptor 3 tells the runner how commands end, descriptor 4 brings the names of files with commands.
if [ "$1" != inner ]; then
    # The outer shell only outlives the inner one, so that its end is told after all that it wrote. The output passes
    # through a real pipe, since /dev/stdout and /dev/stderr cannot be opened on the runner's socket.
    {
        "$1" "$0" inner "$2" "$3" 2>&1
        echo "ended $?" >&3
        printf '\n%s\n' "$3"
    } | command -p cat
    exit
fi
codebuild_state=$2 codebuild_marker=$3
shift 3
# A trace (set -x) is to show the build's commands only.
exec 5>&1 2>/dev/null
while IFS= read -r codebuild_file <&4; do
    # Redirections of the command itself (exec >file) end with it.
    . "$codebuild_file" </dev/null >&5 2>&1 3>&- 4<&- 5>&-
    codebuild_status=$?
    command -p env -0 >"$codebuild_state/environment"
    command pwd >"$codebuild_state/directory"
    echo "exited $codebuild_status" >&3
    command printf '\n%s\n' "$codebuild_marker" >&5
done

/** Number of layers for small packages. */
const smallLayers = 16;

/** Number of layers for packages of {@link largeBytes} and more: a large package mostly has one to itself. */
const largeLayers = 8;

/** Size from which a package counts as large, in bytes. */
const largeBytes = 3_000_000;

/** Folder of the script's result: `rest`, and one folder for each name of {@link layerNames}. */
export const layersFolder = "/.layers";

/** Folders that show a step the stage, the image below it, and the script. */
export const splitMounts = { stage: "/.stage", base: "/.base", script: "/.script" } as const;

/** Names of the layers in the order of the image. Large packages lie below, since a host unpacks all layers above a changed one again. */
export const layerNames = ["rest", ...numbered("large", largeLayers), ...numbered("small", smallLayers)];

function numbered(prefix: string, count: number): string[] {
    return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

/**
 * Assigns the files that the stage adds to its base to layers: one line of `stat` for each file of the base, then one for each of the
 * stage. A file is the base's own where type, mode, owner, size, times and inode agree; a folder needs only type, mode and owner.
 *
 * Entries of a named folder belong together by their names without case, version and suffix, and stay together: `numpy`, `numpy.libs` and
 * `numpy-2.1.0.dist-info`. The layer of such a package depends on its name and size only, so that no other package can move it.
 */
const assign = String.raw`
function code(text, count,   i, sum) {
  sum = 5381
  for (i = 1; i <= length(text); i++) sum = (sum * 131 + index(letters, substr(text, i, 1))) % 1000003
  return sum % count
}
function package(entry,   name) {
  name = tolower(entry)
  gsub(/_/, "-", name)
  if (match(substr(name, 2), /[.@]|-[0-9]/)) name = substr(name, 1, RSTART)
  return name
}
function folder(path,   i, found) {
  for (i = 1; i <= folders; i++)
    if (index(path, named[i] "/") == 1 && length(named[i]) > length(found)) found = named[i]
  return found
}
function add(layer, path,   parent, parts, i, count) {
  count = split(path, parts, "/")
  parent = parts[1]
  for (i = 2; i < count; i++) {
    parent = parent "/" parts[i]
    if (!((layer, parent) in listed)) { listed[layer, parent] = 1; print parent > (lists "/" layer) }
  }
  if (!((layer, path) in listed)) { listed[layer, path] = 1; print path > (lists "/" layer) }
}
BEGIN {
  for (i = 33; i < 127; i++) letters = letters sprintf("%c", i)
  folders = split(ENVIRON["folders"], named, "\n")
}
{
  path = $0
  for (i = 1; i <= 7; i++) path = substr(path, index(path, " ") + 1)
  same = $1 ~ /^4/ ? $1 " " $2 " " $3 : $1 " " $2 " " $3 " " $4 " " $5 " " $6 " " $7
}
NR == FNR { base[path] = same; next }
{
  present[path] = 1
  if (path in base && base[path] == same || path == ".") next
  where = folder(path)
  entry = substr(path, length(where) + 2)
  # Hidden entries are lists of all packages: node_modules/.package-lock.json, node_modules/.bin.
  if (where == "" || entry ~ /^\./) { add("rest", path); next }
  depth = split(entry, part, "/")
  # Packages of a scope lie one folder deeper.
  if (part[1] ~ /^@[^+]+$/) { if (depth == 1) next; name = part[1] "/" package(part[2]) } else name = package(part[1])
  owner[++files] = name; file[files] = path
  if ($1 ~ /^8/) size[name] += $4
}
END {
  for (path in base) if (!(path in present)) {
    print "it deletes " substr(path, 2) " of the image below it, which layers cannot show; delete the file in that image" > (lists "/fault")
    exit
  }
  for (i = 1; i <= files; i++) {
    name = owner[i]
    add(size[name] >= large ? "large-" code(name, largeLayers) : "small-" code(name, smallLayers), file[i])
  }
}`;

/**
 * Splits a stage into layers; `sh split.sh <folder>…` runs in the stage's image. Times are set to a constant, so that the same
 * packages are the same bytes. Where the stage cannot be split, the script says why and ends with 3 (a tool), 4 (a folder) or 5 (a deleted
 * file): BuildKit's error has the code, and the provider of docker-build drops the last words of a step at times.
 *
 * tar copies, since cp of some images forgets owners, times or extended attributes. Its option for lists is missing in some BusyBoxes, and
 * GNU's would read a backslash in a name as the beginning of another character.
 */
export const splitScript = `set -eu
fail() { echo "The stage cannot be split into layers: $2." >&2; exit "$1"; }
for tool in awk find stat tar touch tr xargs; do
  command -v "$tool" > /dev/null || fail 3 "its image has no $tool; name no layers, or install it"
done
lists=${layersFolder}/lists
mkdir -p "$lists"
folders=
for folder in "$@"; do
  [ -d "${splitMounts.stage}$folder" ] || fail 4 "it has no folder $folder"
  folders="$folders\${folders:+
}.$folder"
done
for side in base stage; do
  cd "/.$side"
  find . -exec stat -c '%f %u %g %s %Y %Z %i %n' {} + > "$lists/all-$side"
done
LC_ALL=C folders="$folders" awk -v lists="$lists" -v large=${largeBytes} -v smallLayers=${smallLayers} -v largeLayers=${largeLayers} \\
  '${assign}' "$lists/all-base" "$lists/all-stage"
[ ! -e "$lists/fault" ] || fail 5 "$(cat "$lists/fault")"
attributes=
case $(tar --version 2>&1) in *GNU*) attributes="--xattrs --xattrs-include=* --no-unquote" ;; esac
cd ${splitMounts.stage}
for layer in ${layerNames.join(" ")}; do
  mkdir "${layersFolder}/$layer"
  [ -e "$lists/$layer" ] || continue
  tr '\\n' '\\0' < "$lists/$layer" | xargs -0 sh -c '
    failed=$1 target=$2 attributes=$3
    shift 3
    { tar $attributes --no-recursion -c -f - "$@" || touch "$failed"; } | tar $attributes -x -p -f - -C "$target" && [ ! -e "$failed" ]
  ' copy "$lists/failed" "${layersFolder}/$layer" "$attributes"
done
find ${layersFolder} -exec touch -hd @0 {} +`;

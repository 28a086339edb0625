/** Ignore file that Docker may read differently from the content tag. */
export interface IgnoreTrick {
    what: string;
    /** Image whose context has the ignore file. */
    image: string;
    ignoreFile: string;
    /** File that Docker sends: the content tag must change with it. */
    file: string;
}

type Trick = Omit<IgnoreTrick, "image">;

/** Tricks that can be tried in one build. */
const together: Trick[] = [
    { what: "an exception begins with a slash", ignoreFile: "*\n/!src\n", file: "src/file" },
    { what: "an exception begins with a dot", ignoreFile: "*\n./!src\n", file: "src/file" },
    { what: "an exception follows what excludes its folder", ignoreFile: "src\n!src/file\n", file: "src/file" },
    { what: "a pattern names it in other letters", ignoreFile: "SRC\nSrc/File\n", file: "src/file" },
    { what: "a pattern is a comment", ignoreFile: "#src\n", file: "#src" },
];

/** Tricks whose refusal is also correct, and refuses the whole build, so that each is tried by itself. */
const alone: Trick[] = [
    { what: "a pattern escapes a letter", ignoreFile: "\\src/\\Afile\n", file: "src/Afile" },
    { what: "a pattern ends in a mark that is white space to some", ignoreFile: "src/file\ufeff\n", file: "src/file" },
];

/** Groups the tricks, one build for each group. @param images names of the images that get them */
export function ignoreTricks(images: string[]): IgnoreTrick[][] {
    const groups = together.flatMap((_, index) => {
        return index % images.length === 0 ? [together.slice(index, index + images.length)] : [];
    });
    const all = [...groups, ...alone.map((trick) => [trick])];
    return all.map((group) => group.map((trick, index) => ({ ...trick, image: images[index]! })));
}

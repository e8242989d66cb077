using FocalSharp.Datasets.Linting.Rules;

namespace FocalSharp.Datasets.Linting;

/// <summary>The built-in lint rules. Codes: FS1 files and images, FS2 boxes, FS3 classes, FS4 splits and duplicates, FS5 model settings.</summary>
public static class LintCatalog
{
    /// <summary>Gets the rules in the order of their codes. To add your own, set <see cref="DatasetCheckOptions.Rules"/>.</summary>
    public static IReadOnlyList<LintRule> Rules { get; } =
    [
        new ReadProblemRule(
            DatasetProblemKind.MissingImage, "FS101", "missing-image", LintSeverity.Error,
            "annotated images without a file; they are skipped with their boxes", "add the files, or remove the entries"),
        new ReadProblemRule(
            DatasetProblemKind.UnreadableImage, "FS102", "unreadable-image", LintSeverity.Error,
            "files that are not JPEG, PNG, BMP, GIF, WebP, TIFF, HEIC or AVIF images; they are skipped with their boxes", "replace the files, or remove the entries"),
        new ReadProblemRule(
            DatasetProblemKind.UnreadableAnnotation, "FS103", "unreadable-annotation", LintSeverity.Error,
            "annotation files, or entries in them, that cannot be read; they are skipped", "fix them, or export them again"),
        new ReadProblemRule(
            DatasetProblemKind.DuplicateId, "FS104", "duplicate-id", LintSeverity.Error,
            "ids or files that are listed twice; one entry is used", "list each once"),
        new ReadProblemRule(
            DatasetProblemKind.EscapingPath, "FS105", "escaping-path", LintSeverity.Error,
            "paths that are absolute or leave the data set's folder; they are skipped", "write them relative to the image folder"),
        new ReadProblemRule(
            DatasetProblemKind.SizeMismatch, "FS106", "size-mismatch", LintSeverity.Warning,
            "images whose annotated size differs from that of the file; the file's size is used",
            "check that the boxes belong to these files: they may have been drawn at another resolution, or the photo may have been rotated since"),
        new ReadProblemRule(
            DatasetProblemKind.BoxesOnUnrotatedImage, "FS107", "rotated-boxes", LintSeverity.Warning,
            "photos that EXIF rotates and whose boxes were drawn on the stored pixels; the boxes were rotated too", "check them, or store the photos upright"),
        new ExifRotatedImages(),
        new BoxesOutsideRotatedImage(),
        new CorruptImages(),
        new BlankImages(),
        new SmallImages(),
        new ElongatedImages(),
        new UnlistedImages(),
        new ReadProblemRule(
            DatasetProblemKind.NonStandard, "FS115", "non-standard", LintSeverity.Warning,
            "entries that depart from the format and were read nonetheless, such as misspelled keys or paths of another machine",
            "check that they were read as intended, or export the data set again"),
        new ReadProblemRule(
            DatasetProblemKind.OrphanLabel, "FS116", "orphan-label", LintSeverity.Warning,
            "label files that belong to no image; they are not read", "name them like their images, or add the images"),
        new ReadProblemRule(
            DatasetProblemKind.MissingLabels, "FS117", "missing-labels", LintSeverity.Error,
            "no image has a label, although there are label files nearby", "name the label files like their images, in the folder where the format expects them"),
        new ReadProblemRule(
            DatasetProblemKind.LegacyEncoding, "FS118", "legacy-encoding", LintSeverity.Warning,
            "annotation files that are not UTF-8 and declare no encoding; it was guessed", "check the class names, and save the files as UTF-8"),
        new UnusedSampleRange(),
        new SeveralPages(),
        new HiddenFiles(),
        new OtherFiles(),
        new UnreadLabels(),
        new ReadProblemRule(
            DatasetProblemKind.DegenerateBox, "FS201", "degenerate-box", LintSeverity.Warning,
            "boxes without an area inside their image; they are skipped", "draw them again, or remove them"),
        new ReadProblemRule(
            DatasetProblemKind.OutsideBox, "FS202", "outside-box", LintSeverity.Warning,
            "boxes that extend beyond their image; they are clipped", "correct them unless this is intended"),
        new ReadProblemRule(
            DatasetProblemKind.NotFinite, "FS203", "not-finite-box", LintSeverity.Error,
            "boxes with a coordinate that is not a finite number; they are skipped", "write four numbers, or remove the boxes"),
        new InvertedCorners(),
        new WrongBoxLayout(),
        new DuplicateBoxes(),
        new ConflictingLabels(),
        new WholeImageBoxes(),
        new AspectOutliers(),
        new SizeOutliers(),
        new AreaMismatches(),
        new CrowdedImages(),
        new CopiedLabels(),
        new ReadProblemRule(
            DatasetProblemKind.ConvertedShape, "FS214", "converted-shape", LintSeverity.Note,
            "polygons, masks, rotated boxes or poses; their enclosing upright boxes are used",
            "nothing, unless you need masks, angles or keypoints, which are not predicted"),
        new ReadProblemRule(
            DatasetProblemKind.SkippedShape, "FS215", "skipped-shape", LintSeverity.Warning,
            "shapes that outline no box, such as lines and points; they are skipped", "draw boxes or polygons if these objects are to be detected"),
        new ZeroIds(),
        new ReadProblemRule(
            DatasetProblemKind.UnknownCategory, "FS301", "unknown-class", LintSeverity.Error,
            "objects of a class that is not listed; they are skipped", "correct the class, or add it to the list"),
        new ShiftedCategoryIds(),
        new ClassImbalance(),
        new UnusedClasses(),
        new ClassesMissingFromTrain(),
        new ClassesMissingFromEval(),
        new RareClasses(),
        new SimilarClassNames(),
        new BackgroundImages(),
        new LeakedImages(),
        new LeakedNearDuplicates(),
        new DuplicateImages(),
        new NearDuplicates(),
        new ContradictoryDuplicates(),
        new LeakedSources(),
        new MissingEvalSplit(),
        new SmallEvalSplit(),
        new SplitShift(),
        new ReadProblemRule(
            DatasetProblemKind.MissingSplit, "FS410", "missing-split", LintSeverity.Warning,
            "splits that the data set names, but whose files do not exist", "correct the path, or remove the split"),
        new ReadProblemRule(
            DatasetProblemKind.SharedSplit, "FS411", "shared-split", LintSeverity.Warning,
            "splits with the same images: the model is evaluated on images it was trained on, and its AP is too high",
            "evaluate on other images, or remove the second split so that some images are held out"),
        new ReadProblemRule(
            DatasetProblemKind.UnknownSplit, "FS412", "unknown-split", LintSeverity.Warning,
            "images of no recognized split beside a train split: they are neither trained nor evaluated on",
            "name the split train, val or test (or, for example, train2017, valid, dev, eval, minival)"),
        new BoxBeyondRegMax(),
        new UnassignableBoxes(),
        new ObjectsTooSmallAtInput(),
    ];
}

using FocalSharp.Datasets.Linting.Rules;

namespace FocalSharp.Datasets.Linting;

/// <summary>All rules. Codes: FS1 files and pictures, FS2 boxes, FS3 classes, FS4 splits and copies, FS5 the model's settings.</summary>
public static class LintCatalog
{
    /// <summary>The rules in the order of their codes.</summary>
    public static IReadOnlyList<LintRule> Rules { get; } =
    [
        new ReadProblemRule(
            DatasetProblemKind.MissingImage, "FS101", "missing-image", LintSeverity.Error,
            "annotated images whose file is not there; they are left out with their boxes", "add the files, or remove the entries"),
        new ReadProblemRule(
            DatasetProblemKind.UnreadableImage, "FS102", "unreadable-image", LintSeverity.Error,
            "files that are no JPEG, PNG, BMP, GIF or WebP image; they are left out with their boxes", "replace the files, or remove the entries"),
        new ReadProblemRule(
            DatasetProblemKind.UnreadableAnnotation, "FS103", "unreadable-annotation", LintSeverity.Error,
            "annotation files, or entries in them, that cannot be read; they are left out", "mend them, or export again"),
        new ReadProblemRule(
            DatasetProblemKind.DuplicateId, "FS104", "duplicate-id", LintSeverity.Error,
            "ids or files that are listed twice; one entry is kept", "list each once"),
        new ReadProblemRule(
            DatasetProblemKind.EscapingPath, "FS105", "escaping-path", LintSeverity.Error,
            "paths that are absolute or leave the data set's folder; they are left out", "write them relative to the image folder"),
        new ReadProblemRule(
            DatasetProblemKind.SizeMismatch, "FS106", "size-mismatch", LintSeverity.Warning,
            "images whose annotated size is not the file's; the file's is used",
            "check that the boxes belong to these files: they may have been drawn on another resolution, or the photo turned since"),
        new ReadProblemRule(
            DatasetProblemKind.BoxesOnUnrotatedImage, "FS107", "turned-boxes", LintSeverity.Warning,
            "photos turned by EXIF whose boxes were drawn on the stored pixels; the boxes were turned along", "check them, or store the photos upright"),
        new ExifRotatedImages(),
        new BoxesOutsideRotatedImage(),
        new CorruptImages(),
        new BlankImages(),
        new SmallImages(),
        new ElongatedImages(),
        new UnlistedImages(),
        new ReadProblemRule(
            DatasetProblemKind.DegenerateBox, "FS201", "degenerate-box", LintSeverity.Warning,
            "boxes without an area inside their image; they are left out", "draw them again, or remove them"),
        new ReadProblemRule(
            DatasetProblemKind.OutsideBox, "FS202", "outside-box", LintSeverity.Warning,
            "boxes that reach beyond their image; they are cut to it", "nothing where that is meant, else correct them"),
        new ReadProblemRule(
            DatasetProblemKind.NotFinite, "FS203", "not-finite-box", LintSeverity.Error,
            "boxes with a coordinate that is no finite number; they are left out", "write four numbers, or remove the boxes"),
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
            DatasetProblemKind.UnknownCategory, "FS301", "unknown-class", LintSeverity.Error,
            "objects of a class that is not listed; they are left out", "correct the class, or add it to the list"),
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
        new BoxBeyondRegMax(),
        new UnassignableBoxes(),
        new ObjectsTooSmallAtInput(),
    ];
}

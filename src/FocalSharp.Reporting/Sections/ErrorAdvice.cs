using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Reporting.Sections;

/// <summary>Describes the kinds of errors and how to reduce them.</summary>
internal static class ErrorAdvice
{
    public static string GetMeaning(ErrorKind kind) => kind switch
    {
        ErrorKind.Class => "correct location, wrong class",
        ErrorKind.Location => "correct class, IoU below the threshold",
        ErrorKind.Both => "wrong class and IoU below the threshold",
        ErrorKind.Duplicate => "second detection of an object",
        ErrorKind.Background => "detection without an annotated object",
        _ => "object without a detection",
    };

    public static string GetFix(ErrorKind kind) => kind switch
    {
        ErrorKind.Class => "label more examples of the confused classes, following one consistent rule",
        ErrorKind.Location => "draw boxes following one consistent rule; use a larger input size; train longer",
        ErrorKind.Both => "the fixes for class and location errors",
        ErrorKind.Duplicate => "lower model.postprocess.nmsThreshold",
        ErrorKind.Background => "check for missing labels; add images without objects (dropEmptyImages=false)",
        _ => "label more objects similar to the missed ones; use a larger input size if they are small",
    };
}

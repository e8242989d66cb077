using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Reporting.Sections;

/// <summary>What each kind of error is, and what helps against it.</summary>
internal static class ErrorAdvice
{
    public static string GetMeaning(ErrorKind kind) => kind switch
    {
        ErrorKind.Class => "the place is right, the class is not",
        ErrorKind.Location => "the class is right, the box fits by less than the IoU asked for",
        ErrorKind.Both => "neither place nor class is right",
        ErrorKind.Duplicate => "an object found a second time",
        ErrorKind.Background => "a find where nothing is annotated",
        _ => "an object not found at all",
    };

    public static string GetFix(ErrorKind kind) => kind switch
    {
        ErrorKind.Class => "label more of the classes that are mixed up, by one rule",
        ErrorKind.Location => "draw boxes by one rule; a larger input size; longer training",
        ErrorKind.Both => "what helps against class and location",
        ErrorKind.Duplicate => "a lower model.postprocess.nmsThreshold",
        ErrorKind.Background => "check for missing labels; add images without objects (dropEmptyImages=false)",
        _ => "label more objects that look like those missed; a larger input size where they are small",
    };
}

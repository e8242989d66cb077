namespace FocalSharp.Cli.Parsing;

/// <summary>Answers options and commands of other tools for tasks that this one does not have by design.</summary>
internal static class UnsupportedTasks
{
    private const string Detection = "FocalSharp detects objects with upright boxes";

    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["segment"] = "segmentation",
        ["segmentation"] = "segmentation",
        ["instance"] = "segmentation",
        ["semantic"] = "segmentation",
        ["panoptic"] = "segmentation",
        ["masks"] = "segmentation",
        ["pose"] = "pose estimation",
        ["keypoints"] = "pose estimation",
        ["obb"] = "oriented boxes",
        ["classify"] = "image classification",
        ["classification"] = "image classification",
        ["track"] = "tracking",
        ["tracker"] = "tracking",
        ["tracking"] = "tracking",
    };

    /// <summary>Returns what to say about an option such as <c>--task</c>; null for any other.</summary>
    /// <param name="name">The option as written.</param>
    public static string? FindOption(string name) => name.ToLowerInvariant() switch
    {
        "--task" or "--mode" => $"There is no option '{name}': {Detection} only; segmentation, pose estimation, oriented boxes, classification and tracking are not supported.",
        _ => FindWord(name.TrimStart('-')),
    };

    /// <summary>Returns whether a word chooses a task as other tools do, such as <c>task=detect</c>.</summary>
    public static bool IsAssignment(string word) => word.StartsWith("task=", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns what to say about a command or argument such as <c>segment</c> or <c>task=segment</c>; null for any other.</summary>
    /// <param name="word">The word.</param>
    public static string? FindWord(string word) => Words.TryGetValue(word[(word.LastIndexOf('=') + 1)..], out string? task)
        ? $"'{word}': {task} is not supported; {Detection} only."
        : null;
}

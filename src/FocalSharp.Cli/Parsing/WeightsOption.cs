using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>
/// The option <c>--weights</c> of verbs whose first word is otherwise the model: <c>predict --weights NAME photo.jpg</c> is
/// <c>predict NAME photo.jpg</c>. With the option, that first word is no model but the first of the words that follow it.
/// </summary>
internal static class WeightsOption
{
    /// <summary>What all verbs say of a model.</summary>
    public const string HelpText = "a weights file, a run's folder, or a name that 'focalsharp models' lists";

    public static Option<string?> Create() => new("--weights", "-w") { HelpName = "MODEL", Description = "The model, instead of as the first word: " + HelpText };

    /// <summary>The model and the words that are left, in their order.</summary>
    public static (string? Model, IReadOnlyList<string> Words) Split(string? weights, string? first, IEnumerable<string?> others)
    {
        IEnumerable<string> rest = others.OfType<string>();
        return weights is null ? (first, [.. rest]) : (weights, [.. first is null ? rest : rest.Prepend(first)]);
    }
}

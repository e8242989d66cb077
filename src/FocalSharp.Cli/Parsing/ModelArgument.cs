using System.CommandLine;
using System.CommandLine.Parsing;

namespace FocalSharp.Cli.Parsing;

/// <summary>
/// The model of a command, as its first word or as <c>--weights</c>: <c>predict --weights NAME photo.jpg</c> is the same as
/// <c>predict NAME photo.jpg</c>. With <c>--weights</c>, the first word is the first of the words after the model.
/// </summary>
internal sealed class ModelArgument
{
    /// <summary>What may be given as a model.</summary>
    public const string HelpText = "a weights or ONNX file, a run folder, or the name of a published model (see 'focalsharp models')";

    private const int MaxModels = 16;

    /// <summary>Gets the first word.</summary>
    public Argument<string?> Model { get; } = new("MODEL") { Arity = ArgumentArity.ZeroOrOne, Description = $"The model: {HelpText}" };

    /// <summary>Gets the option.</summary>
    public Option<string?> Weights { get; } = new("--weights", "-w") { HelpName = "MODEL", Description = "The model, instead of as the first word" };

    /// <summary>Lets <c>--weights</c> be given several times, for an ensemble.</summary>
    public ModelArgument AllowSeveral()
    {
        Weights.Description = "The model, instead of as the first word; given several times, the models are fused into one detector";
        Weights.Arity = new ArgumentArity(1, MaxModels);
        Weights.CustomParser = result => result.Tokens[0].Value;
        return this;
    }

    /// <summary>Returns the models beyond the first one, in the order of the command line.</summary>
    public IReadOnlyList<string> GetOthers(ParseResult parsed) => [.. (parsed.GetResult(Weights)?.Tokens ?? []).Skip(1).Select(token => token.Value)];

    /// <summary>Returns the model and the words after it.</summary>
    /// <param name="result">The parsed command.</param>
    /// <param name="others">The words after the first one.</param>
    public (string? Model, IReadOnlyList<string> Others) Split(CommandResult result, params IEnumerable<string?> others)
    {
        string? first = result.GetValue(Model);
        IEnumerable<string> rest = others.OfType<string>();
        return result.GetValue(Weights) is { } weights ? (weights, [.. first is null ? rest : rest.Prepend(first)]) : (first, [.. rest]);
    }
}

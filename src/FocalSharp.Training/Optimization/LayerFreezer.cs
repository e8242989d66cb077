using System.IO.Enumeration;
using FocalSharp.Training.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Optimization;

/// <summary>Freezes parameters by name.</summary>
internal static class LayerFreezer
{
    /// <summary>Freezes the parameters that match patterns.</summary>
    /// <param name="model">The model.</param>
    /// <param name="patterns">
    /// Names with <c>*</c> for any characters. A pattern also matches everything below what it names: <c>backbone</c>,
    /// <c>backbone.layer*</c>, <c>*.bias</c>.
    /// </param>
    /// <returns>The batch norms that are completely frozen: after each <c>train()</c> they must be put back into evaluation mode.</returns>
    /// <exception cref="OptionException">A pattern matches nothing, or nothing is left to train.</exception>
    public static IReadOnlyList<BatchNorm2d> Freeze(nn.Module model, IReadOnlyList<string> patterns)
    {
        (string Name, Parameter Parameter)[] all = [.. model.named_parameters()];
        foreach (string pattern in patterns)
        {
            Parameter[] matched = [.. all.Where(entry => Matches(pattern, entry.Name)).Select(entry => entry.Parameter)];
            if (matched.Length == 0)
            {
                string parts = string.Join(", ", all.Select(entry => string.Join('.', entry.Name.Split('.').Take(2))).Distinct());
                throw new OptionException($"freeze: no parameter is named '{pattern}'. The model's parts: {parts}.") { OptionName = nameof(Recipe.Freeze) };
            }

            foreach (Parameter parameter in matched)
            {
                parameter.requires_grad = false;
            }
        }

        if (patterns.Count > 0 && !all.Any(entry => entry.Parameter.requires_grad))
        {
            throw new OptionException($"freeze: [{string.Join(", ", patterns)}] leaves no parameter to train.") { OptionName = nameof(Recipe.Freeze) };
        }

        return patterns.Count == 0 ? [] : [.. model.modules().OfType<BatchNorm2d>().Where(norm => norm.parameters().All(parameter => !parameter.requires_grad))];
    }

    private static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)
        || FileSystemName.MatchesSimpleExpression(pattern + ".*", name, ignoreCase: false);
}

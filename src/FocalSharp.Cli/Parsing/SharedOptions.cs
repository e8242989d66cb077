using System.CommandLine;
using System.Globalization;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli.Parsing;

/// <summary>Creates options that several commands have.</summary>
internal static class SharedOptions
{
    /// <summary><c>--threshold</c>. <c>eval</c> has none: AP needs low scores too, so it uses the model's own, lower threshold.</summary>
    public static Option<double?> ScoreThreshold(string description)
    {
        Option<double?> option = NumberOption.Create(
            "--threshold", "SCORE", $"{description} [default: those stored in the model by 'threshold', else {DetectOptions.DefaultScoreThreshold.ToString(CultureInfo.InvariantCulture)}]", 0.0, 1.0);
        option.Aliases.Add("-t");
        return option;
    }

    /// <summary><c>--json</c>: a file, or <c>-</c> for stdout.</summary>
    public static Option<string?> Json(string description) => new("--json") { HelpName = "FILE", Description = description + " ('-' for stdout)" };

    /// <summary><c>--size</c>: the size of the network's input.</summary>
    public static Option<int?> Size(string description) => NumberOption.Create("--size", "PIXELS", description, 32, 8192);

    /// <summary><c>--max-detections</c>.</summary>
    public static Option<int?> MaxDetections(string description) => NumberOption.Create("--max-detections", "N", description, 1, 1_000_000);

    /// <summary><c>--max-megapixels</c>.</summary>
    public static Option<int?> MaxMegapixels() => NumberOption.Create(
        "--max-megapixels", "MP", "Maximum size of an image in megapixels; beyond 100, PNG, TIFF and JPEG are read by rows [default: 100]", 1, 10_000);

    /// <summary><c>--device</c>: a name of letters, with an index after a colon. A bare number would be taken as a CPU.</summary>
    public static Option<string?> Device()
    {
        Option<string?> option = new("--device") { HelpName = "NAME", Description = "Device for PyTorch weights: cpu, cuda, cuda:1 or mps [default: cpu]" };
        option.Validators.Add(result =>
        {
            foreach (string name in result.Tokens.Select(token => token.Value).Where(name => !IsDeviceName(name)))
            {
                result.AddError($"--device takes cpu, cuda, cuda:1 or mps, not '{name}'.");
            }
        });
        return option;
    }

    /// <summary><c>--provider</c>: an execution provider of ONNX Runtime, with the number of a device after a colon.</summary>
    public static Option<string?> Provider()
    {
        Option<string?> option = new("--provider")
        {
            HelpName = "NAME",
            Description = "Execution provider for ONNX files: cpu, cuda, cuda:1, tensorrt, directml, coreml, openvino, xnnpack or qnn; the CPU if it is not available [default: cpu]",
        };
        option.Validators.Add(result =>
        {
            foreach (string name in result.Tokens.Select(token => token.Value))
            {
                try
                {
                    _ = ExecutionProvider.Parse(name);
                }
                catch (OptionException exception)
                {
                    result.AddError(exception.Message.Replace(nameof(RuntimeOptions.ExecutionProvider), option.Name, StringComparison.Ordinal));
                }
            }
        });
        return option;
    }

    private static bool IsDeviceName(string name) => name.Split(':', 2) is [{ Length: > 0 } kind, .. var index]
        && kind.All(char.IsAsciiLetterLower)
        && index.All(digits => digits.Length is > 0 and <= 3 && digits.All(char.IsAsciiDigit));

    /// <summary>Returns the decode options for a value of <c>--max-megapixels</c>.</summary>
    public static ImageDecodeOptions GetDecodeOptions(int? megapixels) =>
        megapixels is { } limit ? new ImageDecodeOptions { MaxPixels = limit * 1_000_000L } : ImageDecodeOptions.Default;

    /// <summary><c>--on-bad-image</c>.</summary>
    public static Option<string?> OnBadImage(string purpose) => ChoiceOption.Create(
        "--on-bad-image", $"What to do if an image cannot be read: skip it (more than 1 % stop the {purpose}), or stop [default: skip]", "skip", "stop");

    /// <summary>Returns the action for a value of <c>--on-bad-image</c>.</summary>
    public static FailureAction ParseOnBadImage(string? value, FailureAction otherwise) => value switch
    {
        "stop" => FailureAction.Stop,
        "skip" => FailureAction.Skip,
        _ => otherwise,
    };

    /// <summary>Reports a page whose name could be that of a data file.</summary>
    public static void RequireHtmlExtension(this Option<string?> option) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string?>() is { } path && Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
        {
            result.AddError($"{option.Name} {path}: the file name must end in .html, so that no other file is overwritten by mistake.");
        }
    });
}

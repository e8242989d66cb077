using System.CommandLine;
using FocalSharp.Cli.Evaluation;
using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Cli.Parsing;

/// <summary>The options of <c>eval</c> that choose the rules of an evaluation.</summary>
internal sealed class EvaluationOptions
{
    /// <summary>Gets <c>--protocol</c>.</summary>
    public Option<string?> Protocol { get; } = ChoiceOption.Create(
        "--protocol", "Rules of matching and AP [default: coco]", "coco", "lvis", "voc07", "voc12", "openimages");

    /// <summary>Gets <c>--iou</c>.</summary>
    public Option<string?> Iou { get; } = IouOption.Create(
        "IoU thresholds: a number, a list such as 0.5,0.75, or a range START:END:STEP [default: 0.5:0.95:0.05; 0.5 for voc07, voc12 and openimages]");

    /// <summary>Gets <c>--max-detections</c>.</summary>
    public Option<int?> MaxDetections { get; } = NumberOption.Create(
        "--max-detections", "N", "Detections per image and class that count, highest scores first [default: 100; lvis: 300 per image; no limit for voc07, voc12 and openimages]", 1, 10_000);

    /// <summary>Gets <c>--bootstrap</c>.</summary>
    public Option<int?> Bootstrap { get; } = NumberOption.Create(
        "--bootstrap", "N", "95 % confidence intervals of AP from N resamples of the images, for example 1000", 100, 1_000_000);

    /// <summary>Gets <c>--seed</c>.</summary>
    public Option<long> Seed { get; } = NumberOption.Create("--seed", "N", "Seed of the resamples", 0L, long.MaxValue, 0L);

    /// <summary>Gets <c>--against</c>.</summary>
    public Option<string?> Against { get; } = new("--against")
    {
        HelpName = "OTHER",
        Description = "A second model, or with --dt a second results file: the difference of AP on the same images, with its interval and p-value",
    };

    /// <summary>Gets <c>--match</c>.</summary>
    public Option<string?> Match { get; } = ChoiceOption.Create(
        "--match", "How detections of --dt belong to images: by image_id, by file name, or by what the file states [default: auto]", "auto", "id", "file");

    /// <summary>Gets <c>--id-zero</c>.</summary>
    public Option<string?> IdZero { get; } = ChoiceOption.Create(
        "--id-zero", "Detections that match an annotation of id 0: right (match), or wrong as in pycocotools (coco) [default: match]", "match", "coco");

    /// <summary>Gets all options in the order of the help text.</summary>
    public Option[] All => [Protocol, Iou, MaxDetections, Bootstrap, Seed, Against, Match, IdZero];

    /// <summary>Returns the settings.</summary>
    public EvaluationSettings GetSettings(ParseResult parsed)
    {
        EvaluationProtocol protocol = GetProtocol(parsed.GetValue(Protocol));
        string? against = parsed.GetValue(Against);
        CocoEvaluationOptions options = ProtocolDefaults.Create(
            protocol, parsed.GetValue(Iou) is { } iou ? IouOption.Parse(iou) : null, parsed.GetValue(MaxDetections));
        return new EvaluationSettings
        {
            Protocol = protocol,
            Options = options with { ZeroIdIsUnmatched = parsed.GetValue(IdZero) == "coco" },
            MaxDetections = parsed.GetValue(MaxDetections),
            Bootstrap = parsed.GetValue(Bootstrap) is null && against is null
                ? null
                : new BootstrapOptions { Resamples = parsed.GetValue(Bootstrap) ?? new BootstrapOptions().Resamples, Seed = (ulong)parsed.GetValue(Seed) },
            Against = against,
            Matching = parsed.GetValue(Match) switch { "id" => ImageMatching.Id, "file" => ImageMatching.FileName, _ => ImageMatching.Auto },
        };
    }

    /// <summary>Returns whether a report can be made: its curves are COCO's at IoU 0.5.</summary>
    public string? FindReportProblem(System.CommandLine.Parsing.CommandResult result)
    {
        if (GetProtocol(result.GetValue(Protocol)) != EvaluationProtocol.Coco)
        {
            return "--report evaluates by COCO's rules; leave out --protocol, or leave out --report.";
        }

        return result.GetValue(Iou) is { } iou && IouOption.Parse(iou)?.Contains(0.5) == false
            ? $"--report shows curves at IoU 0.5, which '--iou {iou}' does not contain."
            : null;
    }

    private static EvaluationProtocol GetProtocol(string? word) => word switch
    {
        "lvis" => EvaluationProtocol.Lvis,
        "voc07" => EvaluationProtocol.Voc07,
        "voc12" => EvaluationProtocol.Voc12,
        "openimages" => EvaluationProtocol.OpenImages,
        _ => EvaluationProtocol.Coco,
    };
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FocalSharp.Boxes;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Loop;
using Spectre.Console;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp replay</c>: recomputes a bad training step and finds its cause.</summary>
internal sealed class ReplayCommand : CliCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The file of a bad step (runs/NAME/bad-steps/step-….safetensors)",
    };

    private readonly Option<string?> _image = new("--image")
    {
        HelpName = "PNG",
        Description = "Draw the batch with its boxes, as the network received it",
    };

    private readonly Option<string?> _json = SharedOptions.Json("Write the findings as JSON");

    public ReplayCommand(ConsoleUi ui)
        : base(ui, "replay", "Find the cause of a bad training step: which image, box, level and loss.")
    {
        Details = "The file contains the batch and the weights of the step. Neither the data set nor the run is needed.";
        Examples =
        [
            new("focalsharp replay runs/cells/bad-steps/step-000412.safetensors", "losses by level, and the cause"),
            new("focalsharp replay runs/cells/bad-steps/step-000412.safetensors --image batch.png", "and the batch as an image"),
        ];
        AddSymbols(_file, _image, _json);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        ConsoleUi ui = output.Ui;
        (GflDetector model, BadStepFile file) = BadStepFile.Read(parsed.GetRequiredValue(_file));
        using GflDetector owned = model;
        model.train();
        BadStepReport report = BadStepDiagnosis.Diagnose(model, file.Batch);
        ui.Line($"During training: {file.Summary}");
        ui.Line($"Recomputed: {DescribeResult(report)}; {file.Batch.Count} images of {file.Batch.Width}x{file.Batch.Height} px, {file.Precision} convolutions");
        ui.Line();
        ui.Write(CreateLossTable(report, ui));
        ui.Line();
        ui.Line($"Cause:\n  {report.Describe(file.ImageNames, model.Options.Classes)}");
        if (parsed.GetValue(_image) is { } image)
        {
            Draw(file, model.Options.Classes, image);
            ui.Field("Image", image);
        }

        output.Write(() => CreateJson(file, report).ToString());
        return Task.FromResult(ExitCodes.Success);
    }

    private static string DescribeResult(BadStepReport report) => !double.IsFinite(report.Loss)
        ? "the loss is not finite"
        : double.IsFinite(report.GradientNorm)
            ? $"the loss is {report.Loss.ToString("G5", CultureInfo.InvariantCulture)}, the gradient norm {report.GradientNorm.ToString("G4", CultureInfo.InvariantCulture)}"
            : $"the loss is {report.Loss.ToString("G5", CultureInfo.InvariantCulture)}, the gradient is not finite";

    private static Table CreateLossTable(BadStepReport report, ConsoleUi ui)
    {
        Table table = Tables.Create(ui, ["stride", .. report.LossesByLevel.Keys.Select(component => $">{BadStepReport.GetName(component)}")]);
        for (int level = 0; level < report.Strides.Count; level++)
        {
            int at = level;
            table.AddRow([.. report.LossesByLevel.Values.Select(values => values[at].ToString("G5", CultureInfo.InvariantCulture)).Prepend($"{report.Strides[level]}")]);
        }

        return table;
    }

    private static void Draw(BadStepFile file, IReadOnlyList<string> classes, string path)
    {
        (RgbImage Image, string Caption)[] tiles =
        [
            .. Enumerable.Range(0, file.Batch.Count).Select(i => (
                DetectionRenderer.DrawGroundTruth(
                    file.GetImage(i),
                    (IReadOnlyList<Box>)[.. file.Batch.Targets[i].Boxes.Chunk(4).Select(edge => new Box(edge[0], edge[1], edge[2], edge[3]))],
                    file.Batch.Targets[i].Labels,
                    classes),
                $"{i}: {file.ImageNames[i]}")),
        ];
        ImageEncoder.SavePng(ContactSheet.Compose(tiles, columns: Math.Min(4, tiles.Length)), path);
    }

    // JSON has no NaN and no infinity: they are written as text.
    private static JsonObject CreateJson(BadStepFile file, BadStepReport report) => new()
    {
        ["summary"] = file.Summary,
        ["loss"] = Number(report.Loss),
        ["gradient_norm"] = Number(report.GradientNorm),
        ["strides"] = new JsonArray([.. report.Strides.Select(stride => (JsonNode)stride)]),
        ["levels"] = new JsonObject(report.LossesByLevel.Select(entry =>
            KeyValuePair.Create<string, JsonNode?>(BadStepReport.GetName(entry.Key), new JsonArray([.. entry.Value.Select(Number)])))),
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => new JsonObject
        {
            ["image"] = finding.Image,
            ["file"] = file.ImageNames[finding.Image],
            ["component"] = BadStepReport.GetName(finding.Component),
            ["stride"] = finding.Stride,
            ["value"] = Number(finding.Value),
            ["box"] = finding.BoxIndex,
        })]),
        ["non_finite_weights"] = Names(report.NonFiniteWeights),
        ["non_finite_gradients"] = Names(report.NonFiniteGradients),
        ["invalid_targets"] = Names(report.InvalidTargets),
    };

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];

    private static JsonNode Number(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json.Nodes;
using FocalSharp.Boxes;
using FocalSharp.Cli.Terminal;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Loop.Faults;
using Spectre.Console;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>replay</c>.</summary>
internal static class ReplayCommand
{
    /// <summary>Computes a kept batch again and tells what is wrong with it.</summary>
    public static int Run(string path, string? picture, string? json, ConsoleUi console)
    {
        JsonOutput output = new(json, console);
        ConsoleUi ui = output.Ui;
        (GflDetector model, BadStepFile file) = BadStepFile.Read(path);
        using GflDetector owned = model;
        model.train();
        BadStepReport report = BadStepDiagnosis.Diagnose(model, file.Batch);
        ui.Line($"Then: {file.Summary}");
        ui.Line($"Now: {DescribeResult(report)}; {file.Batch.Count} images of {file.Batch.Width}x{file.Batch.Height}, {file.Precision} convolutions");
        ui.Line();
        ui.Write(Losses(report, ui));
        ui.Line();
        ui.Line($"Cause:\n  {report.Describe(file.ImageNames, model.Options.Classes)}");
        if (picture is not null)
        {
            Draw(file, model.Options.Classes, picture);
            ui.Field("Picture", picture);
        }

        output.Write(() => Json(file, report).ToString());
        return ExitCodes.Success;
    }

    private static string DescribeResult(BadStepReport report) => !double.IsFinite(report.Loss)
        ? "the loss is not finite"
        : double.IsFinite(report.GradientNorm)
            ? $"the loss is {report.Loss.ToString("G5", CultureInfo.InvariantCulture)}, the gradient's norm {report.GradientNorm.ToString("G4", CultureInfo.InvariantCulture)}"
            : $"the loss is {report.Loss.ToString("G5", CultureInfo.InvariantCulture)}, its gradient is not finite";

    private static Table Losses(BadStepReport report, ConsoleUi ui)
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

    // NaN and infinity are no JSON numbers: they go as text.
    private static JsonObject Json(BadStepFile file, BadStepReport report) => new()
    {
        ["fault"] = file.Summary,
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
        ["bad_weights"] = Names(report.NonFiniteWeights),
        ["bad_gradients"] = Names(report.NonFiniteGradients),
        ["bad_targets"] = Names(report.InvalidTargets),
    };

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];

    private static JsonNode Number(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);
}

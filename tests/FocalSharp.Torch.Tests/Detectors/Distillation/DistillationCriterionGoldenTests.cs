using System.Text.Json;
using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors.Distillation;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class DistillationCriterionGoldenTests
{
    private static readonly DistillationOptions Official = new() { ValuableRegionWeight = 0, OfficialNormalizer = true };

    [Fact]
    public void Losses_of_every_level_and_their_gradients_equal_the_official_head()
    {
        foreach (GoldenCase golden in GoldenFile.Require("ld", "head").Cases)
        {
            using DisposeScope scope = NewDisposeScope();
            int[] strides = [.. golden.Arguments.GetProperty("strides").EnumerateArray().Select(stride => stride.GetInt32())];
            GflHeadOptions head = new() { RegMax = golden.Integer("reg_max"), Strides = strides };
            string[] classes = [.. Enumerable.Range(0, golden.Integer("num_classes")).Select(i => $"class {i}")];
            Tensor[] scores = [.. strides.Select((_, l) => golden.Leaf($"cls_score.{l}"))];
            Tensor[] sides = [.. strides.Select((_, l) => golden.Leaf($"bbox_pred.{l}"))];
            HeadOutput output = new(scores, sides);
            GroundTruth[] truths =
            [
                .. golden.Arguments.GetProperty("img_metas").EnumerateArray().Select((meta, i) => new GroundTruth(
                    golden.Floats($"gt_bboxes.{i}"),
                    [.. golden.Longs($"gt_labels.{i}").Select(label => (int)label)],
                    meta.GetProperty("pad_shape")[1].GetInt32(),
                    meta.GetProperty("pad_shape")[0].GetInt32())),
            ];
            GflLossOptions loss = new() { DividesByWeightsOnly = true };
            DistillationOptions options = Official with
            {
                Temperature = golden.Number("T")!.Value,
                LocalizationWeight = golden.Number("loss_ld_weight")!.Value,
            };
            GflCriterion criterion = new(head, loss, classes.Length);
            DistillationCriterion distillation = new(head, classes, loss.Assigner, new TeacherHead(classes, strides, head.RegMax, 0), options);
            using TeacherOutput teacher = TeacherOutput.From(
                new HeadOutput(scores, [.. strides.Select((_, l) => golden.Tensor($"teacher_bbox_pred.{l}"))]), classes.Length);

            LevelLossTerms levels = criterion.ComputeByLevel(output, truths);
            golden.Compare("ld.levels", "loss_cls", levels.Classification, 1e-5, 0.1);
            golden.Compare("ld.levels", "loss_bbox", levels.Box, 1e-5, 0.1);
            golden.Compare("ld.levels", "loss_dfl", levels.Distribution, 1e-5, 0.1);
            LossTerms terms = criterion.Compute(output, truths, out HeadTargets targets);
            Tensor rows = distillation.LocalizationByPositive(output, targets, teacher);
            golden.Compare("ld.levels", "loss_ld", stack([.. strides.Select((_, l) => rows.narrow(0, targets.LevelStarts[l], targets.LevelStarts[l + 1] - targets.LevelStarts[l]).sum())]), 1e-5, 0.1);

            Tensor total = terms.Total() + distillation.Compute(output, targets, truths, teacher);
            golden.Compare("ld.total", "total", total, 1e-5, 0.1);
            total.backward();
            for (int l = 0; l < strides.Length; l++)
            {
                golden.Compare("ld.gradient", $"grad_cls_score.{l}", scores[l].grad, 2e-6, 1);
                golden.Compare("ld.gradient", $"grad_bbox_pred.{l}", sides[l].grad, 2e-6, 1);
            }
        }
    }

    [Fact]
    public void A_step_with_a_frozen_teacher_equals_the_official_one()
    {
        foreach (GoldenModel golden in GoldenModel.All("*_train_ld.json", "ld"))
        {
            using DisposeScope scope = NewDisposeScope();
            JsonElement about = golden.Json.GetProperty("about").GetProperty("teacher");
            DetectorOptions teacherOptions = GoldenModel.FromNumbers(about.GetProperty("config"), about.GetProperty("num_classes").GetInt32());
            using GflDetector teacher = new(teacherOptions);
            GoldenModel.Fill(teacher, about.GetProperty("salt").GetString()!);
            teacher.eval();
            using GflDetector student = golden.Detector();
            student.train();
            Tensor input = golden.Input("train_input");
            GflLossOptions loss = student.Options.Loss with { DividesByWeightsOnly = true };
            GflCriterion criterion = new(student.Options.Head, loss, student.Options.Classes.Count);
            DistillationCriterion distillation = new(student.Options.Head, student.Options.Classes, loss.Assigner, TeacherHead.From(teacherOptions), Official);
            TeacherOutput given;
            using (no_grad())
            {
                given = TeacherOutput.From(teacher.call(input), teacherOptions.Classes.Count);
            }

            using HeadOutput output = student.call(input);
            GroundTruth[] truths = GoldenTrainTests.Truths(golden);
            using LossTerms terms = criterion.Compute(output, truths, out HeadTargets targets);
            Tensor distilled = distillation.Compute(output, targets, truths, given);
            JsonElement losses = golden.Json.GetProperty("losses");
            Record("loss_ld", distilled.item<float>(), losses.GetProperty("loss_ld").EnumerateArray().Sum(level => level.GetDouble()), 1e-4);
            Record("total", (terms.Total() + distilled).item<float>(), golden.Json.GetProperty("total").GetDouble(), 1e-4);
            (terms.Total() + distilled).backward();
            Dictionary<string, Parameter> parameters = student.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
            foreach (JsonProperty norm in golden.Json.GetProperty("grad_l2_norm").EnumerateObject())
            {
                if (norm.Value.ValueKind == JsonValueKind.Number)
                {
                    Record(norm.Name, parameters[norm.Name].grad!.norm().item<float>(), norm.Value.GetDouble(), 5e-3, 1e-3);
                }
            }

            void Record(string name, double actual, double expected, double tolerance, double floor = 0.1) =>
                GoldenReport.Record("ld.step", $"{golden.Name}.{name}", GoldenReport.Relative(actual, expected, floor), tolerance);
        }
    }
}

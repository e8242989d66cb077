using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Detections;

namespace FocalSharp.Core.Tests.Detections;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class DetectionDecoderGoldenTests
{
    private const double BoxTolerance = 1e-2;
    private const double ScoreTolerance = 1e-5;

    [Fact]
    public void Candidates_and_detections_equal_the_official_head()
    {
        foreach (GoldenCase golden in GoldenFile.RequireAll("predict").SelectMany(file => file.Cases))
        {
            Assert.Equal("GFLHead.predict_by_feat", golden.Function);
            int images = golden.Arguments.GetProperty("img_metas").GetArrayLength();
            for (int image = 0; image < images; image++)
            {
                Check(golden, image);
            }
        }
    }

    private static void Check(GoldenCase golden, int image)
    {
        JsonElement cfg = golden.Arguments.GetProperty("cfg");
        JsonElement meta = golden.Arguments.GetProperty("img_metas")[image];
        PostprocessOptions options = new()
        {
            ScoreThreshold = cfg.GetProperty("score_thr").GetDouble(),
            MaxPerLevel = cfg.GetProperty("nms_pre").GetInt32(),
            NmsThreshold = cfg.GetProperty("nms").GetProperty("iou_threshold").GetDouble(),
            MaxDetections = cfg.GetProperty("max_per_img").GetInt32(),
        };
        Assert.Equal(0, cfg.GetProperty("min_bbox_size").GetDouble());
        JsonElement size = meta.GetProperty("img_shape");
        JsonElement scale = meta.GetProperty("scale_factor");
        bool rescale = golden.Arguments.GetProperty("rescale").GetBoolean();
        ResizeTransform frame = new(
            size[1].GetInt32(), size[0].GetInt32(), rescale ? scale[0].GetSingle() : 1, rescale ? scale[1].GetSingle() : 1);

        DetectionDecoder decoder = new(golden.Integer("num_classes"), golden.Integer("reg_max"));
        DetectionDecoding decoding = decoder.Begin(frame, options);
        int level = 0;
        foreach (JsonElement stride in golden.Arguments.GetProperty("strides").EnumerateArray())
        {
            long[] shape = golden.Shape($"cls_score.{level}");
            decoding.AddLevel(
                SliceImage(golden, $"cls_score.{level}", image), SliceImage(golden, $"bbox_pred.{level}", image), stride.GetInt32(), (int)shape[3], (int)shape[2]);
            level++;
        }

        Compare("predict.candidates", golden, image, "pre_", decoding.Candidates);
        Compare("predict.detections", golden, image, "", decoding.Finish());
    }

    private static ReadOnlySpan<float> SliceImage(GoldenCase golden, string name, int image)
    {
        float[] values = golden.Floats(name);
        int length = values.Length / (int)golden.Shape(name)[0];
        return values.AsSpan(image * length, length);
    }

    private static void Compare(string group, GoldenCase golden, int image, string prefix, IReadOnlyList<Detection> actual)
    {
        string id = $"{golden.Id}.{image}";
        float[] scores = golden.Floats($"{prefix}scores.{image}");
        float[] boxes = golden.Floats($"{prefix}bboxes.{image}");
        long[] labels = golden.Longs($"{prefix}labels.{image}");
        Assert.True(scores.Length == actual.Count, $"{group} {id}: {actual.Count} instead of {scores.Length}");

        double worstBox = 0;
        double worstScore = 0;

        // The official sort is not stable: the order within a run of equal scores is free.
        for (int start = 0; start < scores.Length;)
        {
            int end = start + 1;
            while (end < scores.Length && scores[end] == scores[start])
            {
                end++;
            }

            List<Detection> run = [.. actual.Skip(start).Take(end - start)];
            for (int i = start; i < end; i++)
            {
                int found = run.FindIndex(detection => detection.Label == labels[i] && Distance(detection.Box, boxes.AsSpan(4 * i, 4)) <= BoxTolerance);
                Assert.True(found >= 0, $"{group} {id}: no box like number {i}");
                worstBox = Math.Max(worstBox, Distance(run[found].Box, boxes.AsSpan(4 * i, 4)));
                worstScore = Math.Max(worstScore, GoldenReport.Relative(run[found].Score, scores[i]));
                run.RemoveAt(found);
            }

            start = end;
        }

        GoldenReport.Record($"{group}.box_px", id, worstBox, BoxTolerance);
        GoldenReport.Record($"{group}.score", id, worstScore, ScoreTolerance);
    }

    private static double Distance(Box box, ReadOnlySpan<float> expected) => Math.Max(
        Math.Max(Math.Abs(box.X1 - expected[0]), Math.Abs(box.Y1 - expected[1])),
        Math.Max(Math.Abs(box.X2 - expected[2]), Math.Abs(box.Y2 - expected[3])));
}

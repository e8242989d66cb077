using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Torch.Tests.Onnx;

public sealed class OnnxExporterTests
{
    public static TheoryData<string> Models => OnnxModels.Names;

    // Sizes that divide by 32, odd ones, and one below the coarsest stride.
    private static readonly (int Batch, int Height, int Width)[] Inputs = [(1, 128, 160), (3, 97, 133), (2, 256, 64), (2, 61, 45)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Finds_what_the_detector_finds_at_every_size_and_batch(string name)
    {
        using GflDetector detector = OnnxModels.Create(name);
        using OnnxRun run = new(OnnxExporter.Export(detector));
        int matched = 0;
        foreach ((int batch, int height, int width) in Inputs)
        {
            byte[] pictures = OnnxModels.CreateImages(seed: height, batch, height, width);
            ResizeTransform[] frames = OnnxModels.Frames(batch, height, width);
            using HeadOutput output = ReferenceDetections.Run(detector, pictures, frames, height, width);
            foreach (PostprocessOptions options in (PostprocessOptions[])[new(), new() { ScoreThreshold = 0.3, NmsThreshold = 0.3, MaxDetections = 7 }])
            {
                ReferenceDetections[] expected = ReferenceDetections.Decode(detector, output, frames, options, OnnxTolerance.Float32);
                Detection[][] found = run.Detect(pictures, batch, height, width, frames, options);
                for (int i = 0; i < batch; i++)
                {
                    DetectionComparison agreement = DetectionComparison.Compare(expected[i], found[i], options, OnnxTolerance.Float32);
                    Assert.Empty(agreement.Mismatches);
                    Assert.True(agreement.Tolerated <= 2, $"{agreement.Tolerated} of {found[i].Length} excused");
                    matched += agreement.Matched;
                }
            }
        }

        Assert.True(matched > 100, $"only {matched} detections to compare");
    }

    [Fact]
    public void Optional_inputs_default_to_the_detectors_own_settings()
    {
        using GflDetector detector = OnnxModels.Create("gfl");
        using OnnxRun run = new(OnnxExporter.Export(detector));
        byte[] pictures = OnnxModels.CreateImages(seed: 1, batch: 2, 96, 128);
        PostprocessOptions own = detector.Options.Postprocess;
        Detection[][] left = run.Detect(pictures, 2, 96, 128);
        Detection[][] given = run.Detect(pictures, 2, 96, 128, [new ResizeTransform(128, 96), new ResizeTransform(128, 96)], own);
        Assert.Equal(given, left);
        Assert.Equal(own.MaxDetections, left[0].Length);
    }

    [Fact]
    public void One_row_of_sizes_holds_for_the_whole_batch()
    {
        using GflDetector detector = OnnxModels.Create("gfl");
        using OnnxRun run = new(OnnxExporter.Export(detector));
        byte[] pictures = OnnxModels.CreateImages(seed: 2, batch: 2, 96, 128);
        Detection[][] one = run.Detect(pictures, 2, 96, 128, [new ResizeTransform(100, 90)]);
        Detection[][] each = run.Detect(pictures, 2, 96, 128, [new ResizeTransform(100, 90), new ResizeTransform(100, 90)]);
        Assert.Equal(each, one);
        Assert.All(one.SelectMany(found => found), detection => Assert.True(detection.Box.X2 <= 100 && detection.Box.Y2 <= 90));
    }

    [Fact]
    public void Nothing_above_the_threshold_gives_zeros_and_a_count_of_zero()
    {
        using GflDetector detector = OnnxModels.Create("gfl");
        using OnnxRun run = new(OnnxExporter.Export(detector));
        byte[] pictures = OnnxModels.CreateImages(seed: 3, batch: 2, 64, 64);
        PostprocessOptions options = new() { ScoreThreshold = 1, MaxDetections = 5 };
        Assert.All(run.Detect(pictures, 2, 64, 64, null, options), Assert.Empty);
        Assert.Equal([2, 5], run.Run(pictures, 2, 64, 64, null, options)["scores"].Shape);
    }

    [Fact]
    public void More_detections_asked_for_than_there_are_places_are_padded()
    {
        using GflDetector detector = OnnxModels.Create("one-class");
        using OnnxRun run = new(OnnxExporter.Export(detector));
        byte[] pictures = OnnxModels.CreateImages(seed: 4, batch: 1, 32, 32);
        PostprocessOptions options = new() { ScoreThreshold = 0, NmsThreshold = 1, MaxDetections = 3000 };
        Detection[] found = run.Detect(pictures, 1, 32, 32, null, options)[0];
        Assert.InRange(found.Length, 1, 16 + 4 + 1 + 1 + 1);
        Assert.Equal([1, 3000, 4], run.Run(pictures, 1, 32, 32, null, options)["boxes"].Shape);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Candidates_are_all_locations_decoded(string name)
    {
        using GflDetector detector = OnnxModels.Create(name);
        using OnnxRun run = new(OnnxExporter.Export(detector, new() { Variant = ModelVariant.Candidates }));
        (int batch, int height, int width) = (2, 70, 101);
        byte[] pictures = OnnxModels.CreateImages(seed: 5, batch, height, width);
        ResizeTransform[] frames = OnnxModels.Frames(batch, height, width);
        using HeadOutput output = ReferenceDetections.Run(detector, pictures, frames, height, width);
        Dictionary<string, (Array Values, long[] Shape)> found = run.Run(pictures, batch, height, width, frames);
        OnnxDifference difference = DenseOutputComparison.Candidates(
            detector, output, frames, (float[])found["boxes"].Values, (float[])found["scores"].Values, (float[])found["deviations"].Values);
        Assert.Equal([batch, difference.Points, detector.Options.Classes.Count], found["scores"].Shape);
        Assert.InRange(difference.Box, 0, OnnxTolerance.Float32.Box);
        Assert.InRange(difference.Score, 0, OnnxTolerance.Float32.Score);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Raw_logits_decode_to_the_same_candidates(string name)
    {
        using GflDetector detector = OnnxModels.Create(name);
        using OnnxRun run = new(OnnxExporter.Export(detector, new() { Variant = ModelVariant.Raw }));
        (int batch, int height, int width) = (2, 70, 101);
        byte[] pictures = OnnxModels.CreateImages(seed: 6, batch, height, width);
        ResizeTransform[] frames = OnnxModels.Frames(batch, height, width);
        using HeadOutput output = ReferenceDetections.Run(detector, pictures, frames, height, width);
        Dictionary<string, (Array Values, long[] Shape)> found = run.Run(pictures, batch, height, width, frames);
        OnnxDifference difference = DenseOutputComparison.Raw(
            detector, output, (float[])found["class_logits"].Values, (float[])found["distributions"].Values);
        Assert.Equal([batch, difference.Points, 4 * (detector.Options.Head.RegMax + 1)], found["distributions"].Shape);
        Assert.InRange(difference.Box, 0, OnnxTolerance.Float32.Box);
        Assert.InRange(difference.Score, 0, OnnxTolerance.Float32.Score);
    }

    [Fact]
    public void Half_weights_take_half_the_room_and_stay_within_their_bounds()
    {
        using GflDetector detector = OnnxModels.Create("gfl");
        OnnxModel model = OnnxExporter.Export(detector, new() { Variant = ModelVariant.Candidates, Half = true });
        Assert.InRange(model.ToBytes().Length / (double)OnnxExporter.Export(detector).ToBytes().Length, 0.45, 0.6);
        using OnnxRun run = new(model);
        (int batch, int height, int width) = (1, 96, 128);
        byte[] pictures = OnnxModels.CreateImages(seed: 7, batch, height, width);
        ResizeTransform[] frames = OnnxModels.Frames(batch, height, width);
        using HeadOutput output = ReferenceDetections.Run(detector, pictures, frames, height, width);
        Dictionary<string, (Array Values, long[] Shape)> found = run.Run(pictures, batch, height, width, frames);
        OnnxDifference difference = DenseOutputComparison.Candidates(
            detector, output, frames, (float[])found["boxes"].Values, (float[])found["scores"].Values, (float[])found["deviations"].Values);
        Assert.InRange(difference.Box, 1e-6, OnnxTolerance.Float16.Box);
        Assert.InRange(difference.Score, 1e-8, OnnxTolerance.Float16.Score);
    }

    [Fact]
    public void The_file_says_of_itself_all_that_a_runtime_needs()
    {
        using GflDetector detector = OnnxModels.Create("gfl-centered");
        OnnxModel model = OnnxExporter.Export(detector, new()
        {
            Model = "gfl-demo",
            Run = "runs/demo",
            License = "MIT",
            Resize = new Dictionary<string, string> { ["resize_long_side"] = "256" },
            Divisor = 64,
        });
        using OnnxRun run = new(model);
        IReadOnlyDictionary<string, string> said = run.Session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(model.Metadata, said);
        Assert.Equal("1", said["focalsharp.format"]);
        Assert.Equal("detections", said["focalsharp.variant"]);
        Assert.Equal("[\"cup\",\"key\",\"fish\"]", said["focalsharp.classes"]);
        Assert.Equal("[8,16,32,64]", said["focalsharp.strides"]);
        Assert.Equal("16", said["focalsharp.reg_max"]);
        Assert.Equal("{\"resize_long_side\":\"256\"}", said["focalsharp.resize"]);
        Assert.Equal("64", said["focalsharp.divisor"]);
        Assert.Equal("[123.675,116.28,103.53]", said["focalsharp.mean"]);
        Assert.Equal("0.05", said["focalsharp.score_threshold"]);
        Assert.Equal("100", said["focalsharp.max_detections"]);
        Assert.Equal("MIT", said["focalsharp.licence"]);
    }

    [Fact]
    public void Batch_norm_is_folded_and_shared_weights_are_stored_once()
    {
        using GflDetector detector = OnnxModels.Create("gfl");
        OnnxModel model = OnnxExporter.Export(detector);
        Assert.DoesNotContain(model.Proto.Graph.Node, node => node.OpType is "BatchNormalization" or "Constant" or "Identity");
        long stored = model.Proto.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);
        long parameters = detector.parameters().Sum(parameter => parameter.numel());
        Assert.InRange(stored, parameters * 4 * 0.98, (parameters * 4) + 8192);
        Assert.Equal(
            model.Proto.Graph.Initializer.Count, model.Proto.Graph.Initializer.Select(tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count());
    }
}

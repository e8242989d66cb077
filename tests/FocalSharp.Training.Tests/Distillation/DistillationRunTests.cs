using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Runtime;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distillation;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Distributed.Support;
using FocalSharp.Training.Tests.Runs.Support;

namespace FocalSharp.Training.Tests.Distillation;

public sealed class DistillationRunTests : IClassFixture<SceneFolder>, IDisposable
{
    private readonly SceneFolder _scenes;
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public DistillationRunTests(SceneFolder scenes) => _scenes = scenes;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_student_learns_from_a_teacher_of_other_bins_and_from_unlabeled_images()
    {
        string teacher = SaveTeacher(regMax: 12);
        RecordingMonitor monitor = new();
        TrainingResult result = TrainingRun.Run(
            new TrainingRequest
            {
                Data = _scenes.Path,
                Recipe = TinyRecipe.Create() with { Epochs = 1, Distillation = new() { ClassWeight = 0.5, FeatureWeight = 0.1, PseudoLabelScore = 0.001 } },
                OutputFolder = Path.Combine(_folder, "run"),
                Teacher = teacher,
                Unlabeled = SaveUnlabeled(),
                Options = new TrainerOptions { Precision = Precision.Float32 },
            },
            monitor,
            TestContext.Current.CancellationToken);
        Assert.All(monitor.Steps, step => Assert.True(step.DistillationLoss > 0));
        Assert.Equal(teacher, RunManifest.Read(result.Folder).Teacher);
        Assert.Contains(monitor.Lines, message => message.StartsWith("Unlabeled:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)] // a rank without an image
    public void Ranks_share_the_unlabeled_images_and_find_the_objects_of_one_process(int size)
    {
        string teacher = SaveTeacher(regMax: 12);
        string folder = SaveUnlabeled();
        DetectionDataset training = DatasetReader.Read(_scenes.Path).Select(DatasetSplit.Train);
        using SingleProcessCollective one = new();

        string alone = Describe(one);
        string[] together = InProcessRanks.Run(size, Describe);

        Assert.NotEmpty(alone);
        Assert.All(together, found => Assert.Equal(alone, found));

        string Describe(ICollective ranks)
        {
            using IDetector detector = DetectorLoader.Load(teacher, new DetectorLoadOptions { Precision = Precision.Float32, MaxBatch = 1 });
            DetectionDataset joint = PseudoLabels.AddTo(training, folder, detector, 0.001, ranks, TestContext.Current.CancellationToken);
            return string.Join('\n', joint.Images.Skip(training.Images.Count).SelectMany(image => image.Objects.Select(one => $"{image.Id} {image.FileName} {one.Label} {one.Box}")));
        }
    }

    [Fact]
    public void A_rank_with_other_unlabeled_images_is_named()
    {
        string teacher = SaveTeacher(regMax: 12);
        string[] folders = [SaveUnlabeled(), _scenes.Path];
        DetectionDataset training = DatasetReader.Read(_scenes.Path).Select(DatasetSplit.Train) with { Images = [] };

        TrainingException exception = Assert.Throws<TrainingException>(() => InProcessRanks.Run(2, ranks =>
        {
            using IDetector detector = DetectorLoader.Load(teacher, new DetectorLoadOptions { Precision = Precision.Float32 });
            return PseudoLabels.AddTo(training, folders[ranks.Rank], detector, 0.001, ranks, TestContext.Current.CancellationToken);
        }));

        Assert.Contains("rank 1 of 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_of_repeated_images_come_from_memory_and_an_onnx_file_gives_the_same()
    {
        string weights = SaveTeacher(regMax: 16);
        string onnx = Path.Combine(_folder, "teacher.onnx");
        using (GflDetector detector = DetectorCheckpoint.Load(weights))
        {
            using FileStream file = File.Create(onnx);
            ResizeRule rule = TinyRecipe.Create().Input.ResizeRule;
            OnnxExporter.Export(
                detector, new OnnxExportOptions { Variant = ModelVariant.Raw, Resize = ResizeRuleSerializer.ToMetadata(rule), Divisor = rule.Divisor }).Write(file);
        }

        Recipe recipe = TinyRecipe.Create();
        TrainingBatch batch = new SampleLoader(DatasetReader.Read(_scenes.Path), recipe, 1).LoadEpoch(0).First();
        using TeacherCache cache = new(
            new NetworkTeacher(TorchDetector.Load(weights), ComputeDevice.Resolve("cpu"), keepsFeatures: false), 1 << 26);
        using OnnxTeacher runtime = new(onnx);
        using TeacherOutput first = cache.Compute(batch);
        using TeacherOutput second = cache.Compute(batch);
        using TeacherOutput third = runtime.Compute(batch);
        Assert.Equal(batch.Count, cache.Hits);
        Assert.All(
            new[] { (second, 1e-2), (third, 1e-3) },
            other =>
            {
                Assert.Equal(first.Sides.shape, other.Item1.Sides.shape);
                Assert.InRange((first.Sides - other.Item1.Sides).abs().max().item<float>(), 0, other.Item2);
                Assert.InRange((first.Logits - other.Item1.Logits).abs().max().item<float>(), 0, other.Item2);
            });
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(0, 0.5, false)]
    public void Only_flips_let_images_repeat(double affine, double mosaic, bool pays) =>
        Assert.Equal(pays, TeacherCache.Pays(AugmentationOptions.None with { Affine = affine, Mosaic = mosaic, HorizontalFlip = 0.5 }));

    [Fact]
    public void Unlabeled_images_need_a_teacher() =>
        Assert.Throws<ArgumentException>(() => new TrainingRequest { Data = _scenes.Path, Recipe = TinyRecipe.Create(), Unlabeled = _folder }.Validate());

    private string SaveTeacher(int regMax)
    {
        Recipe recipe = TinyRecipe.Create();
        GflHeadOptions head = (GflHeadOptions)recipe.Model.Head with { RegMax = regMax };
        string path = Path.Combine(_folder, $"teacher-{regMax}.safetensors");
        using GflDetector detector = new(recipe.Model with { Classes = DatasetReader.Read(_scenes.Path).Classes, Head = head }, seed: 7);
        DetectorCheckpoint.Save(path, detector);
        return path;
    }

    private string SaveUnlabeled()
    {
        string folder = Path.Combine(_folder, "unlabeled");
        Directory.CreateDirectory(folder);
        foreach (DatasetImage image in DatasetReader.Read(_scenes.Path).Images.Take(3))
        {
            File.Copy(image.Path, Path.Combine(folder, Path.GetFileName(image.Path)));
        }

        return folder;
    }
}

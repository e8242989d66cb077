using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Tests.Runs.Support;
using FocalSharp.Training.Tuning;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Tuning;

public sealed class PretrainedAverageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public PretrainedAverageTests() => LibTorch.EnsureLoaded();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void Every_weight_is_averaged_but_those_of_new_classes(double share)
    {
        using GflDetector pretrained = CreateModel(["car", "cup"], 1);
        using GflDetector trained = CreateModel(["automobile", "novelty", "cup"], 2);
        string path = Path.Combine(_folder, "pretrained.safetensors");
        DetectorCheckpoint.Save(path, pretrained);

        using GflDetector average = PretrainedAverage.Create(trained, Checkpoint.Read(path), ["car", "novelty", "cup"], share);

        using IDisposable noGrad = no_grad();
        Dictionary<string, Tensor> before = pretrained.state_dict();
        Dictionary<string, Tensor> after = trained.state_dict();
        foreach ((string name, Tensor actual) in average.state_dict())
        {
            Tensor expected = after[name].clone();
            if (!is_floating_point(expected))
            {
                continue;
            }

            if (name.Contains("gfl_cls", StringComparison.Ordinal))
            {
                expected[0] = (share * before[name][0]) + ((1 - share) * after[name][0]); // automobile from car
                expected[2] = (share * before[name][1]) + ((1 - share) * after[name][2]); // cup from cup
            }
            else
            {
                expected = (share * before[name]) + ((1 - share) * after[name]);
            }

            Assert.True(allclose(expected, actual, rtol: 1e-5, atol: 1e-6), name);
        }
    }

    [Fact]
    public void Averaging_in_place_gives_the_same_weights()
    {
        using GflDetector pretrained = CreateModel(["car"], 1);
        using GflDetector trained = CreateModel(["car"], 2);
        string path = Path.Combine(_folder, "pretrained.safetensors");
        DetectorCheckpoint.Save(path, pretrained);
        Checkpoint checkpoint = Checkpoint.Read(path);

        using GflDetector average = PretrainedAverage.Create(trained, checkpoint, ["car"], 0.4);
        PretrainedAverage.Apply(trained, checkpoint, ["car"], 0.4);

        Dictionary<string, Tensor> expected = average.state_dict();
        Assert.All(trained.state_dict(), entry => Assert.True(expected[entry.Key].equal(entry.Value).all().item<bool>(), entry.Key));
    }

    private static GflDetector CreateModel(IReadOnlyList<string> classes, ulong seed) => new(TinyRecipe.Create().Model with { Classes = classes }, seed);
}

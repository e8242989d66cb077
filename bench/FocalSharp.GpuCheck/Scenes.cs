using FocalSharp.Assignment;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Detectors;
using static TorchSharp.torch;

namespace FocalSharp.GpuCheck;

/// <summary>The images of the check: synthetic scenes, the same on each machine.</summary>
internal sealed class Scenes
{
    public const int Side = 256;
    public const int Count = 8;

    private readonly byte[] _pixels = new byte[Count * 3 * Side * Side];

    public Scenes()
    {
        SceneGenerator generator = new(new SceneOptions { ImageSize = Side });
        for (int i = 0; i < Count; i++)
        {
            Scene scene = generator.Render(i, DatasetSplit.Train);
            Images.Add(scene.Image);
            Targets.Add(new GroundTruth(
                [.. scene.Objects.SelectMany(one => new[] { one.Box.X1, one.Box.Y1, one.Box.X2, one.Box.Y2 })], [.. scene.Objects.Select(one => one.Label)], Side, Side));
            for (int pixel = 0; pixel < Side * Side; pixel++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    _pixels[((((i * 3) + channel) * Side) * Side) + pixel] = scene.Image.Pixels[(3 * pixel) + channel];
                }
            }
        }
    }

    public List<RgbImage> Images { get; } = [];

    public List<GroundTruth> Targets { get; } = [];

    /// <summary>Returns all images as the network's input on a device.</summary>
    public Tensor CreateInput(GflDetector network, Device device) =>
        network.Preprocess(_pixels, Side, Side, [.. Enumerable.Repeat(new ResizeTransform(Side, Side), Count)], device);
}

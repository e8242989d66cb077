using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>Groups modules under the names of official checkpoints; the parent computes with them.</summary>
internal sealed class ModuleGroup : nn.Module
{
    /// <summary>Groups modules.</summary>
    /// <param name="modules">The modules by name.</param>
    public ModuleGroup(params IEnumerable<(string Name, nn.Module Module)> modules)
        : base(nameof(ModuleGroup))
    {
        foreach ((string name, nn.Module module) in modules)
        {
            register_module(name, module);
        }
    }

    /// <summary>Does nothing: the parts are registered by name.</summary>
    protected override void RegisterComponents()
    {
    }
}

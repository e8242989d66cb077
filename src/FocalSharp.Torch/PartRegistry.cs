namespace FocalSharp.Torch;

/// <summary>The kinds of one exchangeable part of a detector, as recipes and model files see them.</summary>
internal interface IPartRegistry
{
    /// <summary>Gets the base type of the part's options.</summary>
    Type OptionsType { get; }

    /// <summary>Gets the names of the registered kinds in order of registration.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Returns the kind that options belong to.</summary>
    string GetKind(object options);

    /// <summary>Returns the default options of a kind.</summary>
    /// <exception cref="OptionException">The kind is unknown; the message lists the known ones.</exception>
    object GetDefaults(string kind);
}

/// <summary>Maps the kinds of one exchangeable part of a detector to their default options and factories.</summary>
/// <typeparam name="TOptions">Base type of the part's options.</typeparam>
/// <typeparam name="TFactory">Delegate that creates the part from its options.</typeparam>
/// <param name="part">Name of the part in messages, for example <c>backbone</c>.</param>
/// <param name="getKind">Returns the kind of options.</param>
internal sealed class PartRegistry<TOptions, TFactory>(string part, Func<TOptions, string> getKind) : IPartRegistry
    where TOptions : class
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, (TOptions Defaults, TFactory Factory)> _kinds = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Type OptionsType => typeof(TOptions);

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds
    {
        get
        {
            lock (_lock)
            {
                return [.. _kinds.Keys];
            }
        }
    }

    /// <summary>Adds a kind, or replaces the factory of one that was added with the same options type.</summary>
    /// <exception cref="ArgumentException">The kind exists with options of another type.</exception>
    public void Add(TOptions defaults, TFactory factory)
    {
        string kind = getKind(defaults);
        lock (_lock)
        {
            if (_kinds.TryGetValue(kind, out (TOptions Defaults, TFactory) known) && known.Defaults.GetType() != defaults.GetType())
            {
                throw new ArgumentException($"The {part} kind '{kind}' is already registered with options of type {known.Defaults.GetType().Name}.", nameof(defaults));
            }

            _kinds[kind] = (defaults, factory);
        }
    }

    /// <summary>Returns the factory for options.</summary>
    /// <exception cref="OptionException">Their kind is not registered, or is registered with options of another type.</exception>
    public TFactory GetFactory(TOptions options)
    {
        (TOptions defaults, TFactory factory) = Find(getKind(options));
        return defaults.GetType() == options.GetType()
            ? factory
            : throw new OptionException($"The {part} kind '{getKind(options)}' takes options of type {defaults.GetType().Name}, not {options.GetType().Name}.")
            {
                OptionName = part,
            };
    }

    /// <inheritdoc/>
    public string GetKind(object options) => getKind((TOptions)options);

    /// <inheritdoc/>
    public object GetDefaults(string kind) => Find(kind).Defaults;

    private (TOptions Defaults, TFactory Factory) Find(string kind)
    {
        lock (_lock)
        {
            if (_kinds.TryGetValue(kind, out (TOptions, TFactory) found))
            {
                return found;
            }
        }

        IReadOnlyList<string> known = Kinds;
        throw new OptionException(
            $"There is no {part} kind '{kind}'.{Suggestions.DidYouMean(kind, known)} Known kinds: {string.Join(", ", known)}; "
            + "a custom kind must be registered first.")
        {
            OptionName = part,
        };
    }
}
